import type { PointArrays } from '../../../protocol/webview.ts';

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
 * @param x `[n]` ascending
 * @param y `[n]`
 */
export function downsample(
  x: Float64Array,
  y: Float64Array,
  { start, end, buckets, logX }: Slice,
): PointArrays {
  const count = end - start;
  if (count <= 2 * buckets) return { x: x.slice(start, end), y: y.slice(start, end) };
  const size = 2 ** Math.ceil(Math.log2(count / Math.max(1, buckets - 1)));
  const first = logX ? firstAbove(x, start, end, 0) : start;
  const growth = ((x[end - 1] ?? 1) / (x[first] ?? 1)) ** (1 / Math.max(1, buckets - 1));
  const after = (from: number) =>
    logX && growth > 1 && from >= first
      ? firstAbove(x, from + 1, end, (x[from] ?? 0) * growth)
      : nextEdge(from, size);
  const kept = [start];
  for (let from = start; from < end;) {
    const next = Math.min(end, logX && from < first ? first : after(from));
    const [low, high] = extremes(y, from, next);
    from = next;
    for (const index of low < high ? [low, high] : [high, low])
      if (index > (kept[kept.length - 1] ?? -1)) kept.push(index);
  }
  if (kept[kept.length - 1] !== end - 1) kept.push(end - 1);
  return { x: Float64Array.from(kept, (i) => x[i] ?? NaN), y: Float64Array.from(kept, (i) => y[i] ?? NaN) };
}

/** The first index from `from` on whose `x` is above `value`; `end` when there is none. */
function firstAbove(x: Float64Array, from: number, end: number, value: number): number {
  let [low, high] = [from, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((x[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nextEdge(index: number, size: number): number {
  return (Math.floor(index / size) + 1) * size;
}

/** Indices of the smallest and the largest finite value; of the first value where none is finite. */
function extremes(y: Float64Array, from: number, to: number): [low: number, high: number] {
  let [low, high] = [from, from];
  let [min, max] = [Infinity, -Infinity];
  for (let i = from; i < to; i++) {
    const value = y[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    if (value < min) [low, min] = [i, value];
    if (value > max) [high, max] = [i, value];
  }
  return [low, high];
}
