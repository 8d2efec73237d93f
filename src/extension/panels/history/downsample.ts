import type { PointArrays } from '../../../protocol/webview.ts';
import type { Column } from '../../../runs/columns/column.ts';
import type { Extreme } from '../../../runs/columns/extremes.ts';

/** Where values lie on an axis, ascending. */
export type Places = Pick<Column, 'at' | 'slice'>;

/** Values that can be drawn: read in parts, and asked for the extremes of a stretch. */
export interface DrawnValues {
  slice(start: number, end: number): Float64Array;
  extremes(from: number, to: number): Extreme;
}

/** The part of a series to reduce: indices, `end` not included. */
export interface Slice {
  start: number;
  end: number;
  /** How many buckets at most. Each gives up to two points. */
  buckets: number;
  /** It is drawn over a logarithmic axis: buckets are as wide there, not as full. */
  logX?: boolean;
}

/**
 * Reduces a series to what a chart of so many pixels can show: of each bucket the smallest and the largest value, as they are and
 * where they are, so that no spike is lost or flattened. Buckets hold a power of two of values and begin at multiples of their
 * size: as the series grows, buckets that are full stay the same and the picture does not shimmer. The first and the last point
 * are always kept. A bucket without a finite value gives one NaN, which is a gap.
 *
 * @param x `[n]`
 * @param y `[n]`
 */
export function downsample(x: Places, y: DrawnValues, { start, end, buckets, logX }: Slice): PointArrays {
  const count = end - start;
  if (count <= 2 * buckets) return { x: x.slice(start, end), y: y.slice(start, end) };
  const size = 2 ** Math.ceil(Math.log2(count / Math.max(1, buckets - 1)));
  const first = logX ? firstAbove(x, start, end, 0) : start;
  const growth = (x.at(end - 1) / x.at(first)) ** (1 / Math.max(1, buckets - 1));
  const after = (from: number) =>
    logX && growth > 1 && from >= first
      ? firstAbove(x, from + 1, end, x.at(from) * growth)
      : nextEdge(from, size);
  const indices: number[] = [];
  const values: number[] = [];
  const keep = (index: number, value: number) => {
    if (index <= (indices[indices.length - 1] ?? -1)) return;
    indices.push(index);
    values.push(value);
  };
  const one = (index: number) => y.slice(index, index + 1)[0] ?? NaN;
  keep(start, one(start));
  for (let from = start; from < end;) {
    const next = Math.min(end, logX && from < first ? first : after(from));
    const { low, high, min, max } = y.extremes(from, next);
    if (min > max) keep(from, one(from));
    else if (low < high) {
      keep(low, min);
      keep(high, max);
    } else {
      keep(high, max);
      keep(low, min);
    }
    from = next;
  }
  keep(end - 1, one(end - 1));
  return { x: Float64Array.from(indices, (i) => x.at(i)), y: Float64Array.from(values) };
}

/** The first index from `from` on whose `x` is above `value`; `end` when there is none. */
function firstAbove(x: Places, from: number, end: number, value: number): number {
  let [low, high] = [from, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (x.at(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nextEdge(index: number, size: number): number {
  return (Math.floor(index / size) + 1) * size;
}
