import type { Spread } from '../../../protocol/evaluation.ts';
import { studentQuantile } from './student-t.ts';

/**
 * How far the values of repeats lie apart (the same evaluation with other seeds): mean, sample standard deviation, extremes, and the
 * confidence interval of the mean by Student's t. One repeat has no deviation and no interval.
 *
 * @throws RangeError without a value
 */
export function spreadOf(values: readonly number[], confidence = 0.95): Spread {
  if (values.length === 0) throw new RangeError('There is no repeat to take the spread of.');
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const extremes = { n, mean, min: Math.min(...values), max: Math.max(...values) };
  if (n === 1) return extremes;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = (studentQuantile(0.5 + confidence / 2, n - 1) * sd) / Math.sqrt(n);
  return { ...extremes, sd, ci: [mean - half, mean + half] };
}
