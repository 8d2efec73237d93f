import type { TunebookError } from '../../protocol/error.ts';
import { dataError } from './problem.ts';
import type { SourceRow } from './row.ts';

const NAMES: Readonly<Record<string, string>> = {
  string: 'texts',
  number: 'numbers',
  boolean: 'booleans',
  object: 'structs',
};

/**
 * The error of a value that is wrong because its column is: Parquet gives a column one type, so that every row would tell the same.
 * Undefined for a value that is missing, and for files whose rows differ.
 * @param wanted what the column should hold: `texts`
 */
export function wrongColumnType(
  { file }: SourceRow,
  column: string,
  value: unknown,
  { code, wanted }: { code: string; wanted: string },
): TunebookError | undefined {
  if (!/\.parquet$/i.test(file) || value === undefined || value === null) return undefined;
  const message = `The column "${column}" of ${file} holds ${typeName(value, wanted.includes('lists'))}, and ${wanted} are needed.`;
  return dataError(code, message, { file }, 'Write the file with another type, or name another column.');
}

/** @param inside whether it matters what a list is of; an empty one does not tell */
function typeName(value: unknown, inside: boolean): string {
  if (!Array.isArray(value)) return NAMES[typeof value] ?? typeof value;
  const list: unknown[] = value;
  const first = list.find((each) => each !== null);
  return inside && first !== undefined ? `lists of ${typeName(first, inside)}` : 'lists';
}

/** Whether a value can be a list of messages, of which some may be wrong: a column of such a type is the right one. */
export function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => each === null || typeof each === 'object');
}
