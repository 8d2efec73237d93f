import { ancestry } from '../effective.ts';
import type { Project } from '../project.ts';
import type { Kind } from '../schema/kinds.ts';
import type { Node, TuneDocument } from '../tree.ts';

/** Something that configs give a name to: a document, a split of a data set, or a candidate of an evaluation. */
export interface Named {
  what: 'document' | 'split' | 'candidate';
  name: string;
  /** The document that has the name; of splits and candidates one in which it stands or is inherited. */
  document: TuneDocument;
}

/** A place where a name is written. */
export interface NamePlace {
  /** The scalar that holds it. */
  node: Node;
  /** The name alone, as offsets in the file of the node. */
  start: number;
  end: number;
  /** Where the name begins in the value of the scalar. */
  at: number;
  isDefinition: boolean;
  /** Names a run on disk as well (`NAME@ID`), which keeps the name that it has. */
  isPinned: boolean;
}

/** The maps whose fields are names that other places refer to. */
const NAMING_MAPS: Partial<Record<Kind, { field: string; what: Named['what'] }>> = {
  dataset: { field: 'files', what: 'split' },
  evaluate: { field: 'candidates', what: 'candidate' },
};

/** The field of a document that holds names of splits or candidates. */
export function namingMap({ kind }: TuneDocument): { field: string; what: Named['what'] } | undefined {
  return kind && NAMING_MAPS[kind];
}

/** Whether two names mean the same thing. */
export function isSameName(project: Project, a: Named, b: Named): boolean {
  if (a.what !== b.what || a.name !== b.name) return false;
  return a.what === 'document' ? a.document === b.document : family(project, a.document).has(b.document);
}

/**
 * The documents that a document shares names of splits or candidates with: all that it inherits from or that inherit from it,
 * and so on.
 */
export function family(project: Project, document: TuneDocument): Set<TuneDocument> {
  const all = [...project.files.values()].flatMap(({ documents }) => documents);
  const links = all.flatMap((child) => {
    const parent = child.kind === document.kind ? ancestry(project, child).ancestors[0] : undefined;
    return parent ? [[child, parent] as const] : [];
  });
  const found = new Set([document]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const [child, parent] of links) {
      if (found.has(child)) found.add(parent);
      else if (found.has(parent)) found.add(child);
    }
  }
  return found;
}
