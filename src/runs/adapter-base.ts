import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { variablesIn } from '../protocol/environment.ts';
import { maskOf } from './environment.ts';

/** The base that an adapter names. One that came from the environment is not written down: the variable has its value. */
export function unmaskedBase(named: string): string {
  return maskOf(variablesIn(named)).unmask(named);
}

/**
 * The folder of the model that an adapter lies over, absolute; `undefined` where the folder holds none, or its base is
 * not a folder. What is known of an adapter depends on the files there too.
 */
export async function adapterBase(folder: string): Promise<string | undefined> {
  let fields: unknown;
  try {
    fields = JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8'));
  } catch {
    // No adapter, or a torn one: who reads it says so.
    return undefined;
  }
  const named =
    typeof fields === 'object' && fields !== null && 'base_model_name_or_path' in fields
      ? fields.base_model_name_or_path
      : undefined;
  const base = typeof named === 'string' ? unmaskedBase(named) : '';
  return isAbsolute(base) ? base : undefined;
}
