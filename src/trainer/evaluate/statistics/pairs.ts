import type { PairComparison } from '../../../protocol/evaluation.ts';
import type { Comparison } from '../pair.ts';
import { holm } from './holm.ts';

/**
 * Every pair of candidates on one metric, a later one less an earlier one, with Holm's correction over the pairs.
 * @param compare gives undefined for a pair that cannot be compared; `alpha` is 0.05 over the number of pairs
 */
export function compareEveryPair(
  names: readonly string[],
  metric: string,
  compare: (earlier: number, later: number, alpha: number) => Comparison | undefined,
): PairComparison[] {
  const alpha = 0.05 / ((names.length * (names.length - 1)) / 2);
  const pairs: Omit<PairComparison, 'pAdjusted'>[] = [];
  names.forEach((b, later) => {
    names.slice(0, later).forEach((a, earlier) => {
      const comparison = compare(earlier, later, alpha);
      if (comparison) pairs.push({ a, b, metric, ...comparison });
    });
  });
  const adjusted = holm(pairs.map(({ p }) => p));
  return pairs.map((pair, i) => ({ ...pair, pAdjusted: adjusted[i] ?? 1 }));
}
