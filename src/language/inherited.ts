import { ancestry } from './effective.ts';
import { rootMap } from './node.ts';
import type { Project } from './project.ts';
import type { Node, TuneDocument } from './tree.ts';

/** A value that a document would take from another one. */
export interface InheritedValue {
  document: TuneDocument;
  node: Node;
}

/** What the documents that `document` extends say under a path, the nearest first. */
export function inheritedValues(
  project: Project,
  document: TuneDocument,
  path: readonly (string | number)[],
): InheritedValue[] {
  return ancestry(project, document).ancestors.flatMap((ancestor) => {
    const node = nodeAt(rootMap(ancestor), path);
    return node ? [{ document: ancestor, node }] : [];
  });
}

/** The node under a path of fields and list positions. */
export function nodeAt(node: Node | undefined, path: readonly (string | number)[]): Node | undefined {
  let current = node;
  for (const step of path) {
    if (typeof step === 'number') current = current?.type === 'seq' ? current.items[step] : undefined;
    else if (current?.type === 'map') current = current.entries.findLast(({ name }) => name === step)?.value;
    else return undefined;
  }
  return current;
}
