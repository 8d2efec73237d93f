import { countConfusions } from './confusion.ts';
import { macroF1, marginals } from './metrics.ts';
import { bootstrap, type BootstrapOptions } from './statistics/bootstrap.ts';
import { permutationTest, type PermutationOptions } from './statistics/permutation.ts';

/** Changes an entry of an array of counts. */
function add(counts: Int32Array, index: number | undefined, amount: number): void {
  if (index !== undefined) counts[index] = (counts[index] ?? 0) + amount;
}

/**
 * Bootstrap distributions of macro-F1 of several candidates over the same resamples. On each resample it is
 * computed as on the examples themselves: over the labels that stand there.
 *
 * @param predictions one `[n]` per candidate
 * @param references `[n]`
 * @param labels how many labels there are
 * @returns one `[resamples]` per candidate
 */
export function bootstrapMacroF1(
  predictions: readonly Int32Array[],
  references: Int32Array,
  labels: number,
  options: Omit<BootstrapOptions, 'n'>,
): Float64Array[] {
  const support = new Int32Array(labels);
  const predicted = new Int32Array(labels);
  const right = new Int32Array(labels);
  return bootstrap({ ...options, n: references.length }, predictions.length, (drawn, into) => {
    support.fill(0);
    for (const i of drawn) add(support, references[i], 1);
    predictions.forEach((answers, candidate) => {
      predicted.fill(0);
      right.fill(0);
      for (const i of drawn) {
        add(predicted, answers[i], 1);
        if (answers[i] === references[i]) add(right, references[i], 1);
      }
      into[candidate] = macroF1(right, predicted, support);
    });
  });
}

/**
 * Macro-F1 without one example, for each example: what the jackknife needs.
 *
 * @returns `[n]`
 */
export function leaveOneOutMacroF1(
  predictions: Int32Array,
  references: Int32Array,
  labels: number,
): Float64Array {
  const { right, predicted, support } = marginals(countConfusions(predictions, references, labels), labels);
  const known = new Map<number, number>();
  return Float64Array.from(references, (reference, i) => {
    const prediction = predictions[i] ?? 0;
    const cell = reference * labels + prediction;
    let value = known.get(cell);
    if (value === undefined) {
      const change = (amount: number) => {
        add(support, reference, amount);
        add(predicted, prediction, amount);
        if (reference === prediction) add(right, reference, amount);
      };
      change(-1);
      value = macroF1(right, predicted, support);
      change(1);
      known.set(cell, value);
    }
    return value;
  });
}

/** The two-sided p of a paired permutation test of "`a` and `b` have the same macro-F1"; arrays are `[n]`. */
export function permuteMacroF1(
  a: Int32Array,
  b: Int32Array,
  references: Int32Array,
  labels: number,
  options: PermutationOptions,
): number {
  const counts = [a, b].map((answers) => marginals(countConfusions(answers, references, labels), labels));
  const [ofA, ofB] = counts;
  if (!ofA || !ofB) throw new RangeError('A permutation test needs two candidates.');
  const { support } = ofA;
  const value = (own: typeof ofA) => macroF1(own.right, own.predicted, support);
  const observed = value(ofB) - value(ofA);
  const differing = Int32Array.from(references.keys()).filter((i) => a[i] !== b[i]);
  const start = counts.map(({ right, predicted }) => ({
    right: right.slice(),
    predicted: predicted.slice(),
  }));
  return permutationTest(options, differing.length, observed, (exchanged) => {
    counts.forEach((own, candidate) => {
      own.right.set(start[candidate]?.right ?? []);
      own.predicted.set(start[candidate]?.predicted ?? []);
    });
    for (let k = 0; k < exchanged.length; k++) {
      if (exchanged[k] === 0) continue;
      const i = differing[k] ?? 0;
      add(ofA.predicted, a[i], -1);
      add(ofA.predicted, b[i], 1);
      add(ofB.predicted, b[i], -1);
      add(ofB.predicted, a[i], 1);
      if (a[i] === references[i]) {
        add(ofA.right, a[i], -1);
        add(ofB.right, a[i], 1);
      } else if (b[i] === references[i]) {
        add(ofB.right, b[i], -1);
        add(ofA.right, b[i], 1);
      }
    }
    return value(ofB) - value(ofA);
  });
}
