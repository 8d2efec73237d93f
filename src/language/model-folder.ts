import { scalarAt } from './node.ts';
import { dirname, resolvePath } from './path.ts';
import type { MapNode } from './tree.ts';

/**
 * The absolute folder that `model: base:` of a run names, relative to the config that says so; `undefined` for
 * `scratch`, `run:NAME` and `hf:…`, whose place is not written there.
 */
export function modelFolder(root: MapNode | undefined): string | undefined {
  const node = scalarAt(root, 'model', 'base');
  if (typeof node?.value !== 'string' || node.value === 'scratch' || /^[a-z]{2,}:/.test(node.value))
    return undefined;
  return resolvePath(dirname(node.document.file.path), node.value);
}
