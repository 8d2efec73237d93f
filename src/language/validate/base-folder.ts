import { dirname, resolvePath } from '../path.ts';
import type { Fields } from './fields.ts';
import type { World } from './world.ts';

/** The folder of a run's base model, absolute; `undefined` where it is none, or not on this machine for certain. */
export function baseFolder(fields: Fields): string | undefined {
  return modelFolder(fields, 'model', 'base');
}

/** The same, of a model of the Hub the folder in the cache, where it is there. */
export async function knownBaseFolder(fields: Fields, world: World): Promise<string | undefined> {
  return knownFolder(fields, world, 'model', 'base');
}

/** The same of any model or tokenizer field. */
export async function knownFolder(
  fields: Fields,
  world: World,
  ...path: string[]
): Promise<string | undefined> {
  return modelFolder(fields, ...path) ?? (await world.cachedModel(fields.string(...path) ?? ''));
}

/** The folder that a model field names, absolute; `undefined` for `scratch`, `hf:…` and `run:…`. */
export function modelFolder(fields: Fields, ...path: string[]): string | undefined {
  const node = fields.node(...path);
  const text = fields.string(...path);
  if (!node || text === undefined || text === 'scratch' || /^(hf|run):/.test(text)) return undefined;
  return resolvePath(dirname(node.document.file.path), text);
}
