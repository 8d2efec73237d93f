import { binomialCdf } from './binomial.ts';
import { quantileOfSorted } from './percentile.ts';

/**
 * A quantile of measured values with a distribution-free interval from their order:
 * `scipy.stats.quantile_test(x, p=share).confidence_interval(confidence)`. W. J. Conover, "Practical nonparametric statistics", 3.2.
 *
 * @param values ascending, at least one
 * @param share 0.5 for the median
 * @returns the interpolated quantile; where too few values give no limit on a side, the limit is the smallest or largest value
 */
export function quantileWithInterval(
  values: Float64Array,
  share: number,
  confidence = 0.95,
): { value: number; ci: [low: number, high: number] } {
  const n = values.length;
  const tail = (1 - confidence) / 2;
  // The k-th smallest value (from 1) lies above the quantile with probability P(fewer than k values are below it).
  const below = firstAt(n, (k) => binomialCdf(k, n, share) >= tail);
  const above = firstAt(n, (k) => binomialCdf(k, n, share) >= 1 - tail) + 1;
  return {
    value: quantileOfSorted(values, share),
    ci: [values[Math.max(0, below - 1)] ?? NaN, values[Math.min(n, above) - 1] ?? NaN],
  };
}

/** The smallest k from 0 to n at which a condition that stays true holds. */
function firstAt(n: number, holds: (k: number) => boolean): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
