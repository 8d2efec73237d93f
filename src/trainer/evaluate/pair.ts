import type { PairComparison } from '../../protocol/evaluation.ts';
import { classificationMetrics } from './metrics.ts';
import { leaveOneOutMacroF1, permuteMacroF1 } from './macro-f1.ts';
import { bcaInterval, jackknifeAcceleration } from './statistics/bca.ts';
import { standardError } from './statistics/bootstrap.ts';
import { mcnemarExact } from './statistics/mcnemar.ts';
import { criticalValue } from './statistics/normal.ts';
import { pairedDifferenceInterval } from './statistics/paired-interval.ts';
import { smallestAccuracyDifference } from './statistics/smallest-difference.ts';

/** A pair before Holm's correction, and without the names of its candidates. */
export type Comparison = Omit<PairComparison, 'a' | 'b' | 'metric' | 'pAdjusted'>;

/** The answers of two candidates to the same examples; all `[n]`. */
export interface Pair {
  a: Int32Array;
  b: Int32Array;
  references: Int32Array;
}

/** How many examples exactly one of the two candidates got right. */
function countOnly({ a, b, references }: Pair): { onlyA: number; onlyB: number } {
  let onlyA = 0;
  let onlyB = 0;
  references.forEach((reference, i) => {
    if (a[i] === b[i]) return;
    if (a[i] === reference) onlyA++;
    else if (b[i] === reference) onlyB++;
  });
  return { onlyA, onlyB };
}

/** Rows that the first alone has right and those that the second alone has: exact McNemar test, Tango's interval. */
export function compareCounts(
  { onlyA, onlyB }: { onlyA: number; onlyB: number },
  n: number,
  alpha: number,
): Comparison {
  return {
    difference: (onlyB - onlyA) / n,
    ci: pairedDifferenceInterval(onlyA, onlyB, n),
    p: mcnemarExact(onlyA, onlyB),
    test: 'mcnemar-exact',
    smallestDifference: smallestAccuracyDifference(onlyA + onlyB, n, alpha),
  };
}

/**
 * Accuracies of two candidates: exact McNemar test, Tango's interval.
 *
 * @param alpha level at which the smallest difference would have to show: 0.05 over the number of pairs
 */
export function compareAccuracy(pair: Pair, alpha: number): Comparison {
  return compareCounts(countOnly(pair), pair.references.length, alpha);
}

/** What {@link compareMacroF1} needs besides the answers. */
export interface MacroF1Options {
  labels: readonly string[];
  /** `[resamples]` macro-F1 of `b` less that of `a` on the same resamples. */
  differences: Float64Array;
  alpha: number;
  rounds: number;
  seed: number;
}

/**
 * Macro-F1 of two candidates: paired permutation test, BCa interval of the paired bootstrap. Where every resample
 * gives the same difference, Tango's interval of the accuracies stands in.
 */
export function compareMacroF1(
  pair: Pair,
  { labels, differences, alpha, rounds, seed }: MacroF1Options,
): Comparison {
  const { a, b, references } = pair;
  const [ofA, ofB] = [a, b].map((answers) => ({
    value: classificationMetrics(answers, references, labels).macro_f1,
    leftOut: leaveOneOutMacroF1(answers, references, labels.length),
  }));
  if (!ofA || !ofB) throw new RangeError('A pair has two candidates.');
  const difference = ofB.value - ofA.value;
  const leftOut = ofB.leftOut.map((value, i) => value - (ofA.leftOut[i] ?? 0));
  const interval = bcaInterval(differences, difference, jackknifeAcceleration(leftOut));
  const accuracy = compareAccuracy(pair, alpha);
  return {
    difference,
    ci: interval ?? accuracy.ci,
    p: permuteMacroF1(a, b, references, labels.length, { rounds, seed }),
    test: 'permutation',
    smallestDifference: interval
      ? criticalValue(1 - alpha) * standardError(differences)
      : accuracy.smallestDifference,
  };
}
