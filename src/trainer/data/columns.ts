import { existsSync } from 'node:fs';
import { isHubReference, parseHubData } from '../../language/hub-reference.ts';
import type { DataReference } from '../../language/resolve.ts';
import type { TunebookError } from '../../protocol/error.ts';
import { CachedRepository } from '../hub/cache.ts';
import { wrongColumnType } from './column-type.ts';
import { dataError, list, placeOf, quote } from './problem.ts';
import type { SourceRow } from './row.ts';

/** `intents.test`: a split as a config refers to it. */
export function nameOf({ dataset, split }: DataReference): string {
  return `${dataset.name}.${split}`;
}

/**
 * The files of a split.
 * @throws TunebookError `data/missing-split`, `data/not-in-cache`
 */
export function filesOf(reference: DataReference): readonly string[] {
  const { dataset, split } = reference;
  const files = dataset.files[split];
  if (files && files.length > 0) return files.map((file) => (isHubReference(file) ? cachedFile(file) : file));
  throw dataError(
    'data/missing-split',
    `The data set "${dataset.name}" has no split "${split}".`,
    { file: dataset.file },
    `It has ${list(Object.keys(dataset.files))}.`,
  );
}

/** Where a file of the Hub lies, which a run has fetched by now. */
function cachedFile(reference: string): string {
  const named = parseHubData(reference);
  const cached = named && new CachedRepository({ type: 'dataset', name: named.repo });
  const commit = named && cached?.commitOf(named.revision);
  const path = named?.path !== undefined && commit ? cached?.pathOf(commit, named.path) : undefined;
  if (path !== undefined && existsSync(path)) return path;
  throw dataError(
    'data/not-in-cache',
    `${reference} is not in the Hugging Face cache of this machine.`,
    { file: cached?.folder ?? reference },
    'A run or an evaluation that names it fetches it.',
  );
}

/**
 * Says that a row has no value in a column that is needed.
 * @param role what the column is for: `text`, `label`
 */
export function missingColumn(
  { values, file, line }: SourceRow,
  role: string,
  column: string,
): TunebookError {
  const present = Object.keys(values);
  const near = present.find((name) => name.toLowerCase() === column.toLowerCase());
  const message = `${file} has no column "${column}" for the ${role}; it has ${list(present, 12) || 'none'}.`;
  const hint = near
    ? `Write \`columns: { ${role}: ${near} }\`.`
    : `Name the column with \`columns: { ${role}: … }\`.`;
  return dataError('data/missing-column', message, { file, line: Math.max(1, line) }, hint);
}

/**
 * The text in a column of a row.
 * @throws TunebookError `data/missing-column`, `data/empty-text`, `data/not-text`
 */
export function textOf(row: SourceRow, role: string, column: string): string {
  const { values, file, line } = row;
  const value = values[column];
  if (value === undefined && !(column in values)) throw missingColumn(row, role, column);
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) {
    const message = `${placeOf({ file, line })} has no text in the column "${column}".`;
    throw dataError('data/empty-text', message, { file, line }, 'Fill in the text, or delete the row.');
  }
  if (typeof value === 'string') return value;
  const wrong = wrongColumnType(row, column, value, { code: 'data/not-text', wanted: 'texts' });
  if (wrong) throw wrong;
  const message = `${placeOf({ file, line })} has ${quote(value)} in the column "${column}", which is no text.`;
  throw dataError(
    'data/not-text',
    message,
    { file, line },
    'Put the value in quotes, or name another column.',
  );
}

/** The error of a split that has no rows at all. */
export function emptyData(
  reference: DataReference,
  files: readonly string[],
  columns: readonly string[] | undefined,
) {
  const file = files[0] ?? reference.dataset.file;
  const what = columns === undefined ? 'no rows and no header' : `a header (${list(columns)}) but no rows`;
  return dataError(
    'data/empty',
    `${nameOf(reference)} is empty: ${list(files)} ${files.length === 1 ? 'has' : 'have'} ${what}.`,
    { file },
    'Point `files:` at a file with rows, or write the file again.',
  );
}
