import type { MetricEstimate } from '../../../protocol/evaluation.ts';
import type { Comparison } from '../pair.ts';
import { bcaInterval, jackknifeAcceleration } from './bca.ts';
import { standardError, type BootstrapOptions } from './bootstrap.ts';
import { criticalValue } from './normal.ts';
import type { PermutationOptions } from './permutation.ts';

/** A metric of several candidates over the same examples, as the bootstrap, the jackknife and permutations ask for it. */
export interface ResampledMetric {
  readonly name: string;
  /** Over all examples; NaN where it is not defined. */
  value(candidate: number): number;
  /** `[resamples]` per candidate, all over the same resamples; NaN where one has no value. */
  bootstrap(options: Omit<BootstrapOptions, 'n'>): Float64Array[];
  /** Without one example, for each example, `[n]`. */
  leaveOneOut(candidate: number): Float64Array;
  /** The two-sided p of a paired permutation test of "`a` and `b` have the same value". */
  permute(a: number, b: number, options: PermutationOptions): number;
}

/**
 * A metric with its BCa interval; where every resample gives the same value, the interval is that one value. Resamples without a
 * value are left out.
 * @returns undefined where the metric is not defined for the candidate
 */
export function estimateResampled(
  metric: ResampledMetric,
  candidate: number,
  distribution: Float64Array,
  n: number,
): MetricEstimate | undefined {
  const value = metric.value(candidate);
  if (!Number.isFinite(value)) return undefined;
  const ci = intervalOf(distribution, value, metric.leaveOneOut(candidate)) ?? [value, value];
  return { value, ci, n };
}

/**
 * Two candidates on one metric: paired permutation test, BCa interval of the paired bootstrap.
 * @param distributions of both, `a` first
 * @returns undefined where the metric is not defined for one of them
 */
export function compareResampled(
  metric: ResampledMetric,
  [a, b]: readonly [number, number],
  [ofA, ofB]: readonly [Float64Array, Float64Array],
  { alpha, rounds, seed }: PermutationOptions & { alpha: number },
): Comparison | undefined {
  const difference = metric.value(b) - metric.value(a);
  if (!Number.isFinite(difference)) return undefined;
  const differences = ofB.map((value, i) => value - ofA[i]!);
  const left = metric.leaveOneOut(a);
  const leftOut = metric.leaveOneOut(b).map((value, i) => value - left[i]!);
  const interval = intervalOf(differences, difference, leftOut);
  return {
    difference,
    ci: interval ?? [difference, difference],
    p: metric.permute(a, b, { rounds, seed }),
    test: 'permutation',
    smallestDifference: interval
      ? criticalValue(1 - alpha) * standardError(differences.filter(Number.isFinite))
      : null,
  };
}

function intervalOf(
  distribution: Float64Array,
  value: number,
  leftOut: Float64Array,
): [number, number] | undefined {
  const [values, others] = [distribution, leftOut].map((each) => each.filter(Number.isFinite));
  if (!values || !others || values.length < 2) return undefined;
  return bcaInterval(values, value, others.length > 1 ? jackknifeAcceleration(others) : 0);
}
