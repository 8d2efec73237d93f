import { Random } from '../../random.ts';

export interface BootstrapOptions {
  /** Examples to draw from, and how many each resample draws, with replacement. */
  n: number;
  resamples: number;
  seed: number;
}

/**
 * The non-parametric bootstrap (B. Efron, 1979) of several statistics at once. All of them see the same resamples, so the
 * difference of two candidates' values in a resample is that of a paired bootstrap.
 *
 * @param statistics how many values `compute` writes
 * @param compute takes the drawn examples, `[n]` indices that are reused between calls, and writes its values into `into`
 * @returns one array `[resamples]` per statistic; the same for the same seed on every machine
 */
export function bootstrap(
  { n, resamples, seed }: BootstrapOptions,
  statistics: number,
  compute: (drawn: Int32Array, into: Float64Array) => void,
): Float64Array[] {
  const random = new Random(seed);
  const drawn = new Int32Array(n);
  const values = new Float64Array(statistics);
  const distributions = Array.from({ length: statistics }, () => new Float64Array(resamples));
  for (let resample = 0; resample < resamples; resample++) {
    for (let i = 0; i < n; i++) drawn[i] = random.below(n);
    compute(drawn, values);
    for (let statistic = 0; statistic < statistics; statistic++) {
      const distribution = distributions[statistic];
      if (distribution) distribution[resample] = values[statistic] ?? NaN;
    }
  }
  return distributions;
}

/** How many resamples are drawn for `n` examples: 10,000 up to 3,000 examples, then fewer to bound the time, never under 1,000. */
export function resamplesFor(n: number): number {
  return Math.round(Math.min(10_000, Math.max(1000, 3e7 / n)));
}

/** Standard deviation of a bootstrap distribution: the standard error of its statistic. */
export function standardError(distribution: Float64Array): number {
  const mean = distribution.reduce((sum, value) => sum + value, 0) / distribution.length;
  const squares = distribution.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (distribution.length - 1));
}
