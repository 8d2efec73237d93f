import { effective } from '../effective.ts';
import { scalarAt } from '../node.ts';
import type { Project } from '../project.ts';
import { lookup, splitOfReference, type Lookup } from '../reference.ts';
import type { ScalarNode, TuneDocument } from '../tree.ts';

/** A reference to a split, `DATASET.SPLIT`, and what it leads to. */
export interface SplitReference {
  /** The field: `data.train`. */
  path: string[];
  node: ScalarNode;
  text: string;
  /** The name of the data set as it is written, and of the split. */
  name: string;
  split: string | undefined;
  lookup: Lookup;
  dataset: TuneDocument | undefined;
}

const PATHS: Readonly<Record<string, string[][]>> = {
  run: [
    ['data', 'train'],
    ['data', 'eval'],
  ],
  evaluate: [['data']],
  prompt: [['examples', 'data']],
};

/** The splits that a document refers to, with what it inherits. A reference is read from the file it stands in. */
export function splitReferences(project: Project, document: TuneDocument): SplitReference[] {
  const root = effective(project, document);
  return (PATHS[document.kind ?? ''] ?? []).flatMap((path) => {
    const node = scalarAt(root, ...path);
    if (!node || typeof node.value !== 'string') return [];
    const { dataset: name, split } = splitOfReference(node.value);
    const found = lookup(project, node.document.file, 'dataset', name);
    return [{ path, node, text: node.value, name, split, lookup: found, dataset: found.found }];
  });
}

/** The split that one field refers to. */
export function splitReference(
  project: Project,
  document: TuneDocument,
  ...path: string[]
): SplitReference | undefined {
  return splitReferences(project, document).find((each) => each.path.join('.') === path.join('.'));
}
