import type { PointArrays } from '../../../protocol/webview.ts';

/** The share of values at each end that may be outliers. */
const TAIL = 0.01;
/** What lies further from the bulk than so many times its width is one. */
const REACH = 0.5;

/** Where the bulk of the values lies, and how many lie beyond. */
export interface Bulk {
  range: [low: number, high: number];
  beyond: number;
  count: number;
}

/**
 * The range without outliers: from the 1st to the 99th percentile of the finite values, and half of that width beyond each.
 * Undefined where nothing lies outside of it, or where there are too few values to tell.
 */
export function findBulk(series: readonly PointArrays[]): Bulk | undefined {
  const values = series.flatMap(({ y }) => [...y].filter(Number.isFinite)).sort((a, b) => a - b);
  if (values.length < 20) return undefined;
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? 0;
  const [low, high] = [at(TAIL), at(1 - TAIL)];
  const room = (high - low) * REACH;
  if (room === 0) return undefined;
  const range: [number, number] = [low - room, high + room];
  const beyond = values.filter((value) => value < range[0] || value > range[1]).length;
  return beyond === 0 ? undefined : { range, beyond, count: values.length };
}
