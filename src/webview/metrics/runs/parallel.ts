import { cellText, type Cell, type RunColumn, type RunRow, type RunsTable } from './table.ts';

/** Parallel coordinates of runs: an axis a parameter and one of a metric, a line a run. Pure. */

/** More values than this of something that is no number are names, not choices: they are left to the table. */
const MOST_CHOICES = 12;
/** Positive numbers that are so many times apart lie on a logarithmic axis. */
const LOG_RATIO = 50;

/** An axis. Units are numbers as they are, or the place of a choice among all. */
export interface ParallelAxis {
  column: RunColumn;
  /** All units that runs have, ascending. */
  stops: readonly number[];
  isLog: boolean;
  /** The unit of a cell; undefined where it has no place on the axis. */
  readonly unitOf: (cell: Cell) => number | undefined;
  /** From 0 at the foot to 1 at the head. */
  readonly shareOf: (unit: number) => number;
  readonly wordOf: (unit: number) => string;
}

/** What is chosen on axes, by the ids of their columns: units, both ends included. */
export type Brushes = Readonly<Record<string, readonly [from: number, to: number]>>;

/** Axes for the parameters that differ, and for one metric. */
export function parallelAxes({ columns, rows }: RunsTable, metricColumn: string | undefined): ParallelAxis[] {
  return columns
    .filter(({ id, kind }) => kind === 'parameter' || id === metricColumn)
    .flatMap((column) => axisOf(column, rows) ?? []);
}

/** Whether a run lies within all that is chosen. A run without a value lies within no choice. */
export function isWithin(row: RunRow, axes: readonly ParallelAxis[], brushes: Brushes): boolean {
  return axes.every(({ column, unitOf }) => {
    const brush = brushes[column.id];
    if (!brush) return true;
    const unit = unitOf(row.cells.get(column.id));
    return unit !== undefined && unit >= brush[0] && unit <= brush[1];
  });
}

/** The choice that a stretch of an axis makes, from share to share: what lies in it, else what lies next to it. */
export function chooseBetween({ stops, shareOf }: ParallelAxis, a: number, b: number): Brushes[string] {
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  const inside = stops.filter((stop) => shareOf(stop) >= low && shareOf(stop) <= high);
  const far = (stop: number) => Math.abs(shareOf(stop) - (low + high) / 2);
  const next = stops.reduce((best, stop) => (far(stop) < far(best) ? stop : best), stops[0] ?? 0);
  return [inside[0] ?? next, inside[inside.length - 1] ?? next];
}

/** Where a key moves an end of what is chosen. */
export type BrushMove = 'up' | 'down' | 'first' | 'last';

/** The choice after one of its ends was moved by a key; undefined when it holds the whole axis. */
export function moveBrush(
  { stops }: ParallelAxis,
  brush: Brushes[string] | undefined,
  end: 0 | 1,
  move: BrushMove,
): Brushes[string] | undefined {
  const last = stops.length - 1;
  const places = (brush ?? [stops[0] ?? 0, stops[last] ?? 0]).map((unit) => nearest(stops, unit));
  const [low = 0, high = last] = places;
  const at = end === 0 ? low : high;
  const to = { up: at + 1, down: at - 1, first: 0, last }[move];
  const [from, until] = end === 0 ? [clamp(to, 0, high), high] : [low, clamp(to, low, last)];
  return from === 0 && until === last ? undefined : [stops[from] ?? 0, stops[until] ?? 0];
}

function axisOf(column: RunColumn, rows: readonly RunRow[]): ParallelAxis | undefined {
  const cells = rows.map(({ cells: own }) => own.get(column.id)).filter((cell) => cell !== undefined);
  const numbers = cells.filter((cell) => typeof cell === 'number').filter(Number.isFinite);
  if (cells.length > 0 && cells.every((cell) => typeof cell === 'number'))
    return numbers.length > 0 ? numberAxis(column, numbers) : undefined;
  const choices = [...new Set(cells.map(String))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (choices.length < 2 || choices.length > MOST_CHOICES) return undefined;
  return choiceAxis(column, choices);
}

function numberAxis(column: RunColumn, numbers: readonly number[]): ParallelAxis {
  const stops = [...new Set(numbers)].sort((a, b) => a - b);
  const [min = 0, max = 0] = [stops[0], stops[stops.length - 1]];
  const isLog = min > 0 && max / min >= LOG_RATIO;
  const at = (value: number) => (isLog ? Math.log(value) : value);
  const shareOf = (unit: number) => (max > min ? (at(unit) - at(min)) / (at(max) - at(min)) : 0.5);
  return {
    column,
    stops,
    isLog,
    unitOf: (cell) => (typeof cell === 'number' && Number.isFinite(cell) ? cell : undefined),
    shareOf,
    wordOf: (unit) => cellText(column, unit),
  };
}

function choiceAxis(column: RunColumn, choices: readonly string[]): ParallelAxis {
  const stops = choices.map((_, i) => i);
  const shareOf = (unit: number) => unit / (choices.length - 1);
  return {
    column,
    stops,
    isLog: false,
    unitOf: (cell) => {
      const at = cell === undefined ? -1 : choices.indexOf(String(cell));
      return at < 0 ? undefined : at;
    },
    shareOf,
    wordOf: (unit) => choices[unit] ?? '',
  };
}

function nearest(stops: readonly number[], unit: number): number {
  const far = (i: number) => Math.abs((stops[i] ?? Infinity) - unit);
  return stops.reduce((best, _, i) => (far(i) < far(best) ? i : best), 0);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
