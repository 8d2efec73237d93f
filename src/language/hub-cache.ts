import type { LanguageHost } from './host.ts';
import type { HubReference } from './hub-reference.ts';
import { resolvePath } from './path.ts';

/** Names of the models that lie in the Hugging Face cache, `owner/name`, sorted. */
export async function cachedModels(host: LanguageHost): Promise<string[]> {
  if (host.hubCache === undefined) return [];
  const entries = await host.listDirectory(host.hubCache);
  return entries
    .filter(({ kind, name }) => kind === 'folder' && name.startsWith('models--'))
    .map(({ name }) => name.slice('models--'.length).replace('--', '/'))
    .sort();
}

/** What a model has, and what an adapter has. */
const MARKERS = ['config.json', 'adapter_config.json'];

/** The folder of a model or an adapter in the cache; `undefined` where it is not there, which is no mistake. */
export async function cachedModelFolder(
  host: LanguageHost,
  { repo, revision }: HubReference,
): Promise<string | undefined> {
  if (host.hubCache === undefined) return undefined;
  const repository = resolvePath(host.hubCache, `models--${repo.replaceAll('/', '--')}`);
  const content = await host.readFile(resolvePath(repository, `refs/${revision}`)).catch(() => undefined);
  const text = typeof content === 'string' ? content : content && new TextDecoder().decode(content);
  const folder = resolvePath(repository, `snapshots/${text?.trim() ?? revision}`);
  const kinds = await Promise.all(MARKERS.map((name) => host.stat(resolvePath(folder, name))));
  return kinds.includes('file') ? folder : undefined;
}
