import { criticalValue } from './normal.ts';

/**
 * Tango's score interval for the difference of two paired proportions, second minus first. It belongs to McNemar's test
 * (inverts its score form) and keeps its coverage with few examples and with proportions near 0 and 1, where Wald's fails.
 * T. Tango, "Equivalence test and confidence interval for the difference in proportions for the paired-sample design",
 * Statistics in Medicine 17 (1998), equations 16 to 18.
 *
 * @param onlyA examples that just the first candidate got right
 * @param onlyB examples that just the second candidate got right
 * @param n all examples, at least 1
 * @returns limits from -1 to 1
 */
export function pairedDifferenceInterval(
  onlyA: number,
  onlyB: number,
  n: number,
  confidence = 0.95,
): [low: number, high: number] {
  if (!(n > 0) || onlyA < 0 || onlyB < 0 || onlyA + onlyB > n) {
    throw new RangeError(`${onlyA} + ${onlyB} differing of ${n} is no table of pairs.`);
  }
  const z = criticalValue(confidence);
  const estimate = (onlyB - onlyA) / n;
  const low = onlyA === n ? -1 : solve((delta) => scoreStatistic(delta, onlyA, onlyB, n) > z, -1, estimate);
  const high = onlyB === n ? 1 : solve((delta) => scoreStatistic(delta, onlyA, onlyB, n) > -z, estimate, 1);
  return [low, high];
}

/** How many standard errors the observed difference lies above `delta`, the errors taken at the most likely table with that difference. */
function scoreStatistic(delta: number, onlyA: number, onlyB: number, n: number): number {
  const b = -(onlyA + onlyB) + (2 * n - onlyB + onlyA) * delta;
  const c = -onlyA * delta * (1 - delta);
  const shareA = (Math.sqrt(Math.max(0, b * b - 8 * n * c)) - b) / (4 * n);
  const variance = n * (2 * shareA + delta * (1 - delta));
  const distance = onlyB - onlyA - n * delta;
  if (variance <= 0) return distance === 0 ? 0 : distance * Infinity;
  return distance / Math.sqrt(variance);
}

/** The point between `low` and `high` where a condition that holds below it and not above it turns over. */
function solve(holds: (delta: number) => boolean, low: number, high: number): number {
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
