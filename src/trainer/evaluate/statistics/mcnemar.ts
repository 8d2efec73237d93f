import { binomialCdf } from './binomial.ts';

/**
 * The exact McNemar test, two-sided: statsmodels' `mcnemar(table, exact=True)`. Under "both are equally good" each of the
 * examples that just one candidate got right is as likely to be one's as the other's.
 * Q. McNemar, "Note on the sampling error of the difference between correlated proportions", Psychometrika 12 (1947).
 *
 * @param onlyA examples that just the first candidate got right
 * @param onlyB examples that just the second candidate got right
 * @returns p from 0 to 1; 1 where the candidates never differ
 */
export function mcnemarExact(onlyA: number, onlyB: number): number {
  return Math.min(1, 2 * binomialCdf(Math.min(onlyA, onlyB), onlyA + onlyB, 0.5));
}
