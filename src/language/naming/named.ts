import { ancestry } from '../effective.ts';
import type { Project } from '../project.ts';
import type { Kind } from '../schema/kinds.ts';
import type { Node, TuneDocument } from '../tree.ts';

/** Something that configs give a name to: a document, a split of a data set, a candidate of an evaluation, a variable of `vars`, or a YAML anchor. */
export interface Named {
  what: 'document' | 'split' | 'candidate' | 'variable' | 'anchor';
  name: string;
  /** The document that has the name; of the others one in which it stands or is inherited. */
  document: TuneDocument;
}

/** A place where a name is written. */
export interface NamePlace {
  /** The scalar that holds it; the whole document where it is an anchor, which is part of no value. */
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

/** Tells whether a name means the same thing as another one. */
export function sameNameAs(project: Project, { what, name, document }: Named): (other: Named) => boolean {
  const related = what === 'document' ? new Set([document]) : family(project, document);
  return (other) => other.what === what && other.name === name && related.has(other.document);
}

/**
 * The documents that a document shares names of splits, candidates or variables with: all that it inherits from or that inherit from it,
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
