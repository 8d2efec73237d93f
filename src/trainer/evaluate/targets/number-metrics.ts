import type { AdditiveStatistic } from '../statistics/additive.ts';
import { rankCorrelation } from './ranks.ts';

/** The metrics of predicted numbers. A correlation is NaN where one side is constant. */
export interface RegressionMetrics {
  mse: number;
  mae: number;
  r2: number;
  pearson: number;
  spearmanr: number;
}

/** A share of the squares below which what is left of them is rounding. */
const ROUNDING = 1e-13;

/**
 * scikit-learn's `mean_squared_error`, `mean_absolute_error` and `r2_score`, SciPy's `pearsonr` and `spearmanr`, in double precision.
 * @param predictions `[n]`
 * @param references `[n]`
 * @throws RangeError when there is no example
 */
export function regressionMetrics(
  predictions: ArrayLike<number>,
  references: ArrayLike<number>,
): RegressionMetrics {
  const n = references.length;
  if (n === 0) throw new RangeError('There are no examples to score.');
  const of = (statistic: AdditiveStatistic, numbers: Float64Array) => {
    const sums = new Float64Array(statistic.size);
    numbers.forEach((value, i) => (sums[i % statistic.size]! += value));
    return statistic.value(sums, n);
  };
  const errors = Float64Array.from({ length: n }, (_, i) => predictions[i]! - references[i]!);
  return {
    mse: errors.reduce((sum, error) => sum + error * error, 0) / n,
    mae: errors.reduce((sum, error) => sum + Math.abs(error), 0) / n,
    r2: of(R2, r2Numbers(predictions, references)),
    pearson: of(PEARSON, pearsonNumbers(predictions, references)),
    spearmanr: rankCorrelation(predictions, references),
  };
}

/**
 * `1 − Σ(y − ŷ)² / Σ(y − ȳ)²`. Where every true number is the same it is 1 for predictions that are all right, else 0, as scikit-learn
 * has it (`force_finite`).
 */
export const R2: AdditiveStatistic = {
  size: 3,
  value: (sums, n) => {
    const [errors = 0, y = 0, squares = 0] = Array.from(sums);
    const spread = variation(y, squares, n);
    if (spread > 0) return 1 - errors / spread;
    return errors === 0 ? 1 : 0;
  },
};

/** Of each example the numbers of {@link R2}. Numbers count from the first one, so that large ones lose no digits. */
export function r2Numbers(predictions: ArrayLike<number>, references: ArrayLike<number>): Float64Array {
  const first = references[0] ?? 0;
  return perExample(references.length, (i) => {
    const y = references[i]! - first;
    return [(predictions[i]! - references[i]!) ** 2, y, y * y];
  });
}

/** Pearson's correlation; NaN where one side is constant. */
export const PEARSON: AdditiveStatistic = {
  size: 5,
  value: (sums, n) => {
    const [x = 0, y = 0, xx = 0, yy = 0, xy = 0] = Array.from(sums);
    const [ofX, ofY] = [variation(x, xx, n), variation(y, yy, n)];
    if (ofX === 0 || ofY === 0) return NaN;
    return Math.max(-1, Math.min(1, (xy - (x * y) / n) / Math.sqrt(ofX * ofY)));
  },
};

/** Of each example the numbers of {@link PEARSON}. */
export function pearsonNumbers(predictions: ArrayLike<number>, references: ArrayLike<number>): Float64Array {
  const [firstX, firstY] = [predictions[0] ?? 0, references[0] ?? 0];
  return perExample(references.length, (i) => {
    const [x, y] = [predictions[i]! - firstX, references[i]! - firstY];
    return [x, y, x * x, y * y, x * y];
  });
}

/** `Σ(v − v̄)²` from the sums of `v` and `v²`; 0 where it is nothing but rounding. */
function variation(sum: number, squares: number, n: number): number {
  const found = squares - (sum * sum) / n;
  return found > ROUNDING * squares ? found : 0;
}

function perExample(n: number, numbers: (i: number) => number[]): Float64Array {
  return Float64Array.from(Array.from({ length: n }, (_, i) => numbers(i)).flat());
}
