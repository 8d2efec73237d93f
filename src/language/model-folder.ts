import type { LanguageHost } from './host.ts';
import { cachedModelFolder } from './hub-cache.ts';
import { parseHubModel } from './hub-reference.ts';
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

/** The same, and the folder of a model of the Hub where it lies in the cache of this machine. */
export async function knownFolderOf(node: Node | undefined, host: LanguageHost): Promise<string | undefined> {
  const named =
    node?.type === 'scalar' && typeof node.value === 'string' ? parseHubModel(node.value) : undefined;
  return named ? await cachedModelFolder(host, named) : folderOf(node);
}

/** The folder that `model: base:` of a run names. */
export function baseFolder(root: Node | undefined, host: LanguageHost): Promise<string | undefined> {
  return knownFolderOf(scalarAt(root, 'model', 'base'), host);
}
