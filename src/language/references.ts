import { documentAt } from './locate.ts';
import { anchorAt, anchorsIn, type AnchorPlace } from './naming/anchors.ts';
import { sameNameAs, type NamePlace } from './naming/named.ts';
import { namesIn, type NameUse } from './naming/walk-names.ts';
import type { Project } from './project.ts';
import type { TuneDocument } from './tree.ts';

/**
 * The name at an offset of a file: that of a document, a split, a candidate, a variable or a YAML anchor, where it is given or where it is referred to;
 * `undefined` where there is none, or it means nothing. On the kind word of a document it is that of the document.
 */
export function findName(project: Project, path: string, offset: number): NameUse | undefined {
  const file = project.files.get(path);
  const document = file && documentAt(file, offset);
  if (!document) return undefined;
  const anchor = anchorAt(document, offset);
  const written = anchor?.places.find(({ start, end }) => start - 1 <= offset && offset <= end);
  if (anchor && written) return toUse(document, anchor.name, written);
  const { header } = document;
  for (const use of namesIn(project, document)) {
    const { place } = use;
    if (place.node.document.file !== file) continue;
    if (place.start <= offset && offset <= place.end) return use;
    const isHeader = use.what === 'document' && place.isDefinition && header && place.node === header.value;
    if (isHeader && header.key.start <= offset && offset <= header.key.end) return use;
  }
  return undefined;
}

/** An anchor as a name. */
function toUse(document: TuneDocument, name: string, place: AnchorPlace): NameUse | undefined {
  const node = document.root;
  return node && { what: 'anchor', name, document, place: { ...place, node, at: 0, isPinned: false } };
}

/** Every place of a project where a name is written, in the order of the files and their text. */
export function findReferences(project: Project, named: NameUse): NamePlace[] {
  if (named.what === 'anchor') return findAliases(named);
  const found = new Map<string, NamePlace>();
  const isSame = sameNameAs(project, named);
  for (const file of project.files.values()) {
    for (const document of file.documents) {
      for (const use of namesIn(project, document)) {
        if (!isSame(use)) continue;
        // An alias or a merge key leads to the same place more than once.
        const { node, start } = use.place;
        found.set(`${start} ${node.document.file.path}`, use.place);
      }
    }
  }
  return [...found.values()].sort(
    (a, b) => compare(a.node.document.file.path, b.node.document.file.path) || a.start - b.start,
  );
}

/** The anchor that is meant, and its aliases; not those of another one of the same name. */
function findAliases({ document, place }: NameUse): NamePlace[] {
  const meant = anchorsIn(document).find(({ places }) => places.some(({ start }) => start === place.start));
  return (meant?.places ?? []).map((each) => ({ ...place, ...each }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
