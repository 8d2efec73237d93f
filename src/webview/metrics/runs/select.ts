import type { RunsTableState } from '../../../protocol/webview.ts';
import { cellText, type Cell, type RunColumn, type RunRow, type RunsTable } from './table.ts';

/** What of the table of runs is shown: rows that fit the filter, in order. Pure. */

export interface Selection {
  rows: RunRow[];
  /** What of the filter could not be understood, as a sentence. */
  problem?: string;
}

const COMPARISON = /^(.+?)(<=|>=|!=|<|>|=)(.+)$/;

/**
 * The rows that fit. The filter is words, each of which a row must hold somewhere, and comparisons with a column: `r=8`,
 * `learning_rate<1e-3`. Pinned rows come first; rows without a value come last, whichever way is sorted.
 */
export function selectRows(
  table: RunsTable,
  { filter = '', sort }: RunsTableState,
  fits: (row: RunRow) => boolean = () => true,
): Selection {
  const tests: ((row: RunRow) => boolean)[] = [fits];
  let problem: string | undefined;
  for (const word of filter.trim().split(/\s+/).filter(Boolean)) {
    const test = testOf(word, table.columns);
    if (typeof test === 'string') problem ??= test;
    else tests.push(test);
  }
  const rows = table.rows.filter((row) => tests.every((test) => test(row)));
  const column = sort && table.columns.find(({ id }) => id === sort.column);
  const order = (a: RunRow, b: RunRow) =>
    column || sort?.column === NAME_COLUMN ? compare(a, b, column, sort?.descending ?? false) : 0;
  rows.sort((a, b) => Number(b.isPinned) - Number(a.isPinned) || order(a, b));
  return { rows, ...(problem === undefined ? {} : { problem }) };
}

/** The id of the column of names. */
export const NAME_COLUMN = 'name';

function testOf(word: string, columns: readonly RunColumn[]): ((row: RunRow) => boolean) | string {
  const [, name, operator, text] = COMPARISON.exec(word) ?? [];
  if (name === undefined || operator === undefined || text === undefined) {
    const wanted = word.toLowerCase();
    return (row) =>
      [row.name, row.state, ...texts(row, columns)].some((held) => held.toLowerCase().includes(wanted));
  }
  const column = findColumn(name, columns);
  if (!column) return `No column is called ${name}.`;
  const number = Number(text.replace(/%$/, '')) / (text.endsWith('%') ? 100 : 1);
  if (/[<>]/.test(operator) && Number.isNaN(number))
    return `${text} is no number to compare ${column.title} with.`;
  return (row) => holds(row.cells.get(column.id), operator, text, number);
}

/** By its id, its title, or the name of its metric. */
function findColumn(name: string, columns: readonly RunColumn[]): RunColumn | undefined {
  const wanted = name.toLowerCase().replaceAll('_', ' ');
  const isCalled = (text: string | undefined) => text?.toLowerCase().replaceAll('_', ' ') === wanted;
  return columns.find(({ id, title, metric }) => isCalled(id) || isCalled(title) || isCalled(metric));
}

function holds(cell: Cell, operator: string, text: string, number: number): boolean {
  const isSame =
    typeof cell === 'number' ? cell === number : String(cell ?? '').toLowerCase() === text.toLowerCase();
  if (operator === '=') return cell !== undefined && isSame;
  if (operator === '!=') return !isSame;
  if (typeof cell !== 'number') return false;
  if (operator === '<') return cell < number;
  if (operator === '>') return cell > number;
  return operator === '<=' ? cell <= number : cell >= number;
}

function texts(row: RunRow, columns: readonly RunColumn[]): string[] {
  return columns.map((column) => cellText(column, row.cells.get(column.id)));
}

function compare(a: RunRow, b: RunRow, column: RunColumn | undefined, descending: boolean): number {
  const [first, second] = column ? [a.cells.get(column.id), b.cells.get(column.id)] : [a.name, b.name];
  const missing = Number(isMissing(first)) - Number(isMissing(second));
  if (missing !== 0 || isMissing(first) || isMissing(second)) return missing;
  const ascending =
    typeof first === 'number' && typeof second === 'number'
      ? first - second
      : String(first).localeCompare(String(second), 'en', { numeric: true });
  return descending ? -ascending : ascending;
}

function isMissing(cell: Cell): boolean {
  return cell === undefined || (typeof cell === 'number' && Number.isNaN(cell));
}
