import { normalCdf, normalQuantile } from './normal.ts';
import { quantileOfSorted, sorted } from './percentile.ts';

/**
 * The bias-corrected and accelerated interval of a bootstrap distribution: `scipy.stats.bootstrap(…, method='BCa')`. Macro-F1
 * needs the correction: the mean of its bootstrap distribution lies below the observed value.
 * B. Efron, "Better bootstrap confidence intervals", JASA 82 (1987).
 *
 * @param distribution `[resamples]` values of the statistic
 * @param observed its value on the examples themselves
 * @param acceleration see {@link jackknifeAcceleration}
 * @returns undefined where every resample gives the observed value, so that the bootstrap says nothing
 */
export function bcaInterval(
  distribution: Float64Array,
  observed: number,
  acceleration: number,
  confidence = 0.95,
): [low: number, high: number] | undefined {
  if (distribution.every((value) => value === observed)) return undefined;
  let below = 0;
  let atMost = 0;
  for (const value of distribution) {
    if (value < observed) below++;
    if (value <= observed) atMost++;
  }
  // Half a resample is kept on either side, so that an observed value at the edge still has a finite bias.
  const edge = 0.5 / distribution.length;
  const share = Math.min(1 - edge, Math.max(edge, (below + atMost) / (2 * distribution.length)));
  const bias = normalQuantile(share);
  const values = sorted(distribution);
  const limit = (z: number) => {
    const shifted = bias + z;
    const scale = 1 - acceleration * shifted;
    const corrected = scale > 0 ? normalCdf(bias + shifted / scale) : z < 0 ? 0 : 1;
    return quantileOfSorted(values, corrected);
  };
  const z = normalQuantile((1 - confidence) / 2);
  return [limit(z), limit(-z)];
}

/**
 * The acceleration of {@link bcaInterval}: how fast the spread of a statistic changes with its value.
 *
 * @param leftOut `[n]`: the statistic of all examples but the `i`-th
 */
export function jackknifeAcceleration(leftOut: Float64Array): number {
  const mean = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length;
  let squares = 0;
  let cubes = 0;
  for (const value of leftOut) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}
