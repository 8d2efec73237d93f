import type { Entry, MapNode, Node, TuneDocument, TuneFile } from './tree.ts';

/** A key or value of a document that could be read, with the way that leads there. */
export interface Located {
  document: TuneDocument;
  /** From the root of the document to the field, or to the item of a list. */
  path: (string | number)[];
  on: 'key' | 'value';
  /** The field; absent for items of lists and for a document that is no map. */
  entry: Entry | undefined;
  /** The value of the field, or the item. */
  node: Node;
}

/** The document of a file in which an offset lies; of two that meet there the first. */
export function documentAt(file: TuneFile, offset: number): TuneDocument | undefined {
  return file.documents.find(({ start, end }) => start <= offset && offset <= end);
}

/** What stands at an offset; `undefined` between things. */
export function locate(file: TuneFile, offset: number): Located | undefined {
  const document = documentAt(file, offset);
  return document?.root && locateIn(document, document.root, offset, [], undefined);
}

function locateIn(
  document: TuneDocument,
  node: Node,
  offset: number,
  path: (string | number)[],
  entry: Entry | undefined,
): Located | undefined {
  if (node.type === 'scalar') {
    return contains(node, offset) ? { document, path, on: 'value', entry, node } : undefined;
  }
  if (node.type === 'seq') {
    for (const [index, item] of node.items.entries()) {
      const found = locateIn(document, item, offset, [...path, index], undefined);
      if (found) return found;
    }
    return undefined;
  }
  return locateInMap(document, node, offset, path);
}

function locateInMap(
  document: TuneDocument,
  node: MapNode,
  offset: number,
  path: (string | number)[],
): Located | undefined {
  for (const entry of node.entries) {
    // What comes from elsewhere by a merge key or an alias is found where it stands.
    if (entry.merged) continue;
    const here = [...path, entry.name];
    if (contains(entry.key, offset)) return { document, path: here, on: 'key', entry, node: entry.value };
    if (offset <= entry.key.end || offset > entry.end || entry.value.start < entry.key.end) continue;
    const found = locateIn(document, entry.value, offset, here, entry);
    if (found) return found;
  }
  return undefined;
}

function contains({ start, end }: { start: number; end: number }, offset: number): boolean {
  return start <= offset && offset <= end && start < end;
}
