import { mcnemarExact } from './mcnemar.ts';

/**
 * The smallest difference of two paired accuracies that the exact McNemar test would call significant, where the candidates
 * disagree on as many examples as these do. With fewer than the test needs at all, the fewest that suffice count.
 *
 * @param differing examples that exactly one of the two candidates got right
 * @param n all examples
 * @param alpha level of the test; divided by the number of pairs where Holm's correction is applied
 * @returns a difference of accuracies from 0 to 1; null where even `n` examples all one way would not suffice
 */
export function smallestAccuracyDifference(differing: number, n: number, alpha = 0.05): number | null {
  for (let total = differing; total <= n; total++) {
    if (mcnemarExact(0, total) > alpha) continue;
    // The p-value falls as the split gets more uneven: look for the first uneven enough.
    let low = 0;
    let high = Math.floor(total / 2);
    while (low < high) {
      const fewer = Math.ceil((low + high) / 2);
      if (mcnemarExact(fewer, total - fewer) <= alpha) low = fewer;
      else high = fewer - 1;
    }
    return (total - 2 * low) / n;
  }
  return null;
}
