import {
  COMPARE_CHIPS,
  type CompareChip,
  type CompareQuery,
  type CompareSelection,
  type JudgeChip,
} from '../../../protocol/compare.ts';
import type { AnswerColumn, RecordTable } from './record-table.ts';

/** Into how many parts the scores of each axis of the scatter are divided. */
const PARTS = 10;

/** The rows that a query shows, in its order, with what the page is told of them. */
export interface Selected extends Omit<CompareSelection, 'version'> {
  rows: Uint32Array;
}

/** What a judge says of a row when `b` is measured against `a`. */
export type JudgedAs = (row: number, a: string, b: string) => JudgeChip | undefined;

/**
 * Filters and sorts: rows that one of the two candidates has not answered yet count for "all" alone. Stable: rows that are equal stay in the
 * order of the data.
 *
 * @throws RangeError when the table has no candidate
 */
export function select(
  table: RecordTable,
  wanted: CompareQuery,
  judgedAs: JudgedAs = () => undefined,
): Selected {
  const query = fillIn(table, wanted);
  const [a, b] = [table.column(query.a), table.column(query.b)];
  if (!a || !b) throw new RangeError('There is no candidate to compare.');
  const fits = filterOf(table, query, b);
  // SAFETY: the entries are those of every chip; fromEntries forgets it.
  const counts = Object.fromEntries(COMPARE_CHIPS.map((chip) => [chip, 0])) as Record<CompareChip, number>;
  const scatter = Array.from({ length: PARTS }, () => new Array<number>(PARTS).fill(0));
  const rows = new Uint32Array(table.rows);
  let count = 0;
  for (const row of orderOf(table, query, a, b)) {
    if (table.inputLength[row] === -1 || !fits(row)) continue;
    counts.all++;
    let isShown = query.chip === 'all';
    if (a.lengths[row] !== 0 && b.lengths[row] !== 0) {
      const chip = RIGHTS[(a.correct[row] ?? 0) * 2 + (b.correct[row] ?? 0)];
      if (chip) counts[chip]++;
      const isChanged = a.output[row] !== b.output[row];
      if (isChanged) counts.changed++;
      const line = scatter[part(a.score[row] ?? 0)];
      const at = part(b.score[row] ?? 0);
      if (line) line[at] = (line[at] ?? 0) + 1;
      isShown ||= query.chip === chip || (query.chip === 'changed' && isChanged);
    }
    const judged = judgedAs(row, query.a, query.b);
    if (judged) counts[judged]++;
    isShown ||= query.chip === judged;
    if (isShown) rows[count++] = row;
  }
  return { query, count, counts, scatter, rows: rows.subarray(0, count) };
}

/** By whether `a` was right (2) and `b` was (1). */
const RIGHTS = ['both-wrong', 'fixed', 'regressed', undefined] as const;

/** The query with candidates that there are: by default the first against the last. */
export function fillIn(table: RecordTable, query: CompareQuery): CompareQuery {
  const names = table.candidates;
  const a = names.includes(query.a) ? query.a : (names[0] ?? '');
  const b = names.includes(query.b) && query.b !== a ? query.b : (names.findLast((name) => name !== a) ?? a);
  return { ...query, a, b };
}

function part(score: number): number {
  return Math.min(PARTS - 1, Math.max(0, Math.floor(score * PARTS)));
}

function filterOf(table: RecordTable, query: CompareQuery, b: AnswerColumn): (row: number) => boolean {
  const { label, length, score } = query;
  const tests: ((row: number) => boolean)[] = [];
  if (label !== undefined) {
    const id = table.references.indexOf(label);
    tests.push((row) => table.reference[row] === id);
  }
  if (length) tests.push((row) => isWithin(table.inputLength[row] ?? 0, length));
  if (score) tests.push((row) => b.lengths[row] !== 0 && isWithin(b.score[row] ?? NaN, score));
  const text = query.text?.toLowerCase();
  if (text) tests.push((row) => (table.texts[row] ?? textOnDisk(table, row)).includes(text));
  return (row) => tests.every((test) => test(row));
}

function isWithin(value: number, [least, most]: [number, number]): boolean {
  return value >= least && value <= most;
}

/** What {@link RecordTable.texts} would hold of a row that is too long to keep. */
function textOnDisk(table: RecordTable, row: number): string {
  const record = table.record(row);
  if (!record) return '';
  const outputs = Object.values(record.outputs).map(({ output }) => output);
  return [record.input, record.reference, ...outputs].join('\n').toLowerCase();
}

/** Every row in the order of a sort, kept until the table has grown: filters change more often than sorts. */
const orders = new WeakMap<RecordTable, { key: string; rows: Uint32Array }>();

function orderOf(table: RecordTable, query: CompareQuery, a: AnswerColumn, b: AnswerColumn): Uint32Array {
  const key = [query.sort, query.a, query.b, table.records].join('\n');
  const known = orders.get(table);
  if (known?.key === key) return known.rows;
  const rows = Uint32Array.from({ length: table.rows }, (_, row) => row);
  sortRows(table, query, a, b, rows);
  orders.set(table, { key, rows });
  return rows;
}

/** Largest first, but for the order of the data; equal ones stay in that order. */
function sortRows(
  table: RecordTable,
  { sort }: CompareQuery,
  a: AnswerColumn,
  b: AnswerColumn,
  rows: Uint32Array,
): void {
  if (sort === 'order') return;
  const keys = new Float64Array(table.rows);
  const columns = table.candidates.flatMap((name) => table.column(name) ?? []);
  for (const row of rows) {
    if (sort === 'disagreement') keys[row] = disagreement(columns, row);
    else if (sort === 'score') keys[row] = Math.abs((b.score[row] ?? 0) - (a.score[row] ?? 0));
    else if (sort === 'length') keys[row] = table.inputLength[row] ?? 0;
    else keys[row] = b.latency[row] ?? 0;
  }
  rows.sort((x, y) => (keys[y] ?? 0) - (keys[x] ?? 0) || x - y);
}

/** How many different answers there are, then whether some are right and some wrong, then how far the scores lie apart. */
function disagreement(columns: readonly AnswerColumn[], row: number): number {
  let different = 0;
  let right = 0;
  let answered = 0;
  let [low, high] = [Infinity, -Infinity];
  for (let c = 0; c < columns.length; c++) {
    const column = columns[c];
    if (!column || column.lengths[row] === 0) continue;
    answered++;
    right += column.correct[row] ?? 0;
    const score = column.score[row] ?? 0;
    if (score < low) low = score;
    if (score > high) high = score;
    let isNew = true;
    for (let other = 0; other < c && isNew; other++) {
      const before = columns[other];
      if (before && before.lengths[row] !== 0 && before.output[row] === column.output[row]) isNew = false;
    }
    if (isNew) different++;
  }
  const spread = high > low ? Math.min(1, high - low) : 0;
  return different * 10 + (right > 0 && right < answered ? 5 : 0) + spread;
}
