import { existsSync, readFileSync } from 'node:fs';
import { TunebookError } from '../../../protocol/error.ts';
import { isLfsPointer, lfsPointer } from '../../lfs-pointer.ts';

/** A JSON object whose fields are not known. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The JSON object in a file, or undefined when there is no such file.
 * @throws TunebookError `tokenizer/corrupt` when it holds anything else
 */
export function readJsonObject(file: string): JsonObject | undefined {
  if (!existsSync(file)) return undefined;
  let value: unknown;
  try {
    const text = readFileSync(file, 'utf8');
    if (isLfsPointer(text)) throw lfsPointer(file);
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof TunebookError) throw error;
    throw corruptTokenizer(file, error instanceof Error ? error.message : String(error));
  }
  if (!isObject(value)) throw corruptTokenizer(file, 'it is no JSON object');
  return value;
}

/** The error of a tokenizer file that cannot be used. */
export function corruptTokenizer(file: string, why: string): TunebookError {
  return new TunebookError('tokenizer/corrupt', `${file} cannot be used: ${why}.`, {
    location: { file },
    hint: 'Fetch the file again, or save the tokenizer with transformers: AutoTokenizer.from_pretrained(…).save_pretrained(…).',
  });
}
