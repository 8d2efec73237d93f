import { scalarAt } from './node.ts';
import { dirname, resolvePath } from './path.ts';
import type { Node } from './tree.ts';

/**
 * The absolute folder that a model reference names, relative to the config that holds it; `undefined` for `scratch`,
 * `run:NAME` and `hf:…`, whose place is not written there.
 */
export function folderOf(node: Node | undefined): string | undefined {
  if (node?.type !== 'scalar' || typeof node.value !== 'string') return undefined;
  if (node.value === 'scratch' || /^[a-z]{2,}:/.test(node.value)) return undefined;
  return resolvePath(dirname(node.document.file.path), node.value);
}

/** The folder that `model: base:` of a run names. */
export function baseFolder(root: Node | undefined): string | undefined {
  return folderOf(scalarAt(root, 'model', 'base'));
}
