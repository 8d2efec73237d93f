import type { MetricEstimate } from '../../protocol/evaluation.ts';
import { compareCounts, type Comparison } from './pair.ts';
import {
  leaveOneOutAdditive,
  permuteAdditive,
  sumExamples,
  valueOfAll,
  type AdditiveStatistic,
} from './statistics/additive.ts';
import { bcaInterval, jackknifeAcceleration } from './statistics/bca.ts';
import { standardError } from './statistics/bootstrap.ts';
import { criticalValue } from './statistics/normal.ts';
import { smallestAccuracyDifference } from './statistics/smallest-difference.ts';
import { wilsonInterval } from './statistics/wilson.ts';

/** Whether every number is 0 or 1: the statistic is then a proportion, which has exact methods. */
export function isProportion({ size, isScale }: AdditiveStatistic, numbers: Float64Array): boolean {
  return size === 1 && !isScale && numbers.every((value) => value === 0 || value === 1);
}

/**
 * A metric with its interval: Wilson's for a proportion, else BCa from the bootstrap. Where every resample gives the same value the
 * bootstrap knows no uncertainty, and the interval is that one value.
 *
 * @param numbers `[n, size]`
 * @param distribution `[resamples]` from `bootstrapAdditive`
 */
export function estimateAdditive(
  statistic: AdditiveStatistic,
  numbers: Float64Array,
  distribution: Float64Array,
): MetricEstimate {
  const n = numbers.length / statistic.size;
  const value = valueOfAll(statistic, numbers);
  if (isProportion(statistic, numbers))
    return { value, ci: wilsonInterval(sumExamples(numbers, 1)[0] ?? 0, n), n };
  const acceleration = n > 1 ? jackknifeAcceleration(leaveOneOutAdditive(statistic, numbers)) : 0;
  return { value, ci: bcaInterval(distribution, value, acceleration) ?? [value, value], n };
}

export interface AdditivePairOptions {
  /** `[resamples]` of `b` less those of `a`, on the same resamples. */
  differences: Float64Array;
  /** Level at which the smallest difference would have to show: 0.05 over the number of pairs. */
  alpha: number;
  rounds: number;
  seed: number;
}

/**
 * Two candidates on one metric: exact McNemar test and Tango's interval for proportions, else the paired permutation test and the BCa
 * interval of the paired bootstrap. Numbers are `[n, size]`.
 */
export function compareAdditive(
  statistic: AdditiveStatistic,
  a: Float64Array,
  b: Float64Array,
  { differences, alpha, rounds, seed }: AdditivePairOptions,
): Comparison {
  const n = a.length / statistic.size;
  if (isProportion(statistic, a) && isProportion(statistic, b)) return compareProportions(a, b, alpha);
  const difference = valueOfAll(statistic, b) - valueOfAll(statistic, a);
  const ofA = leaveOneOutAdditive(statistic, a);
  const leftOut = leaveOneOutAdditive(statistic, b).map((value, i) => value - (ofA[i] ?? 0));
  const acceleration = n > 1 ? jackknifeAcceleration(leftOut) : 0;
  const interval = bcaInterval(differences, difference, acceleration);
  return {
    difference,
    ci: interval ?? [difference, difference],
    p: permuteAdditive(statistic, a, b, { rounds, seed }),
    test: 'permutation',
    smallestDifference: interval
      ? criticalValue(1 - alpha) * standardError(differences)
      : smallestOfSame(statistic, n, alpha),
  };
}

/** Candidates that never differ: the fewest examples that would show anything, each going from worst to best. */
function smallestOfSame({ largest }: AdditiveStatistic, n: number, alpha: number): number | null {
  const share = smallestAccuracyDifference(0, n, alpha);
  return share === null || largest === undefined ? null : share * largest;
}

function compareProportions(a: Float64Array, b: Float64Array, alpha: number): Comparison {
  const n = a.length;
  const onlyA = a.reduce((count, value, i) => count + Number(value > (b[i] ?? 0)), 0);
  const onlyB = b.reduce((count, value, i) => count + Number(value > (a[i] ?? 0)), 0);
  return compareCounts({ onlyA, onlyB }, n, alpha);
}
