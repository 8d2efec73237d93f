import { wrongColumnType } from './column-type.ts';
import { missingColumn } from './columns.ts';
import { dataError, placeOf, quote } from './problem.ts';
import type { SourceRow } from './row.ts';

/** A number as CSV and JSON have it: no words, no units, no digits in groups. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The number in a column of a row, rounded to a float32, which is what is trained on.
 * @throws TunebookError `data/missing-column`, `data/no-number`
 */
export function numberOf(row: SourceRow, column: string): number {
  const { values, file, line } = row;
  if (!(column in values)) throw missingColumn(row, 'label', column);
  const value = values[column];
  const text = typeof value === 'string' ? value.trim() : undefined;
  const number = typeof value === 'number' ? value : text && NUMBER.test(text) ? Number(text) : NaN;
  const rounded = Math.fround(number);
  if (Number.isFinite(rounded)) return rounded;
  if (text === undefined && typeof value !== 'number') {
    const wrong = wrongColumnType(row, column, value, { code: 'data/no-number', wanted: 'numbers' });
    if (wrong) throw wrong;
  }
  const isEmpty = value === undefined || value === null || text === '';
  const comma = text !== undefined && /^[+-]?\d+,\d+$/.test(text);
  throw dataError(
    'data/no-number',
    isEmpty
      ? `${placeOf(row)} has no number in the column "${column}".`
      : `${placeOf(row)} has ${quote(value)} in the column "${column}", which is no number that can be trained on.`,
    { file, line },
    comma
      ? 'Write the decimals behind a point.'
      : isEmpty
        ? 'Fill in the number, or delete the row.'
        : 'Correct the number, delete the row, or name another column with `columns: { label: … }`.',
  );
}
