import { bootstrap, type BootstrapOptions } from './bootstrap.ts';
import { permutationTest, type PermutationOptions } from './permutation.ts';

/** A statistic of examples that is a function of sums: a mean, corpus BLEU, chrF. */
export interface AdditiveStatistic {
  /** How many numbers an example has. */
  readonly size: number;
  /** The largest value that the statistic can have, where there is one. */
  readonly largest?: number;
  /** Numbers are scores of a scale: where all of them are 0 or 1 they are no shares all the same. */
  readonly isScale?: true;
  /** The statistic of `n` examples from the sums of their numbers, `[size]`. */
  value(sums: ArrayLike<number>, n: number): number;
}

/** Adds up the numbers of all examples, `[n, size]` → `[size]`. */
export function sumExamples(numbers: Float64Array, size: number): Float64Array {
  const sums = new Float64Array(size);
  for (let i = 0; i < numbers.length; i++) sums[i % size] = (sums[i % size] ?? 0) + (numbers[i] ?? 0);
  return sums;
}

/** The statistic of all examples, whose numbers are `[n, size]`. */
export function valueOfAll(statistic: AdditiveStatistic, numbers: Float64Array): number {
  return statistic.value(sumExamples(numbers, statistic.size), numbers.length / statistic.size);
}

/**
 * Bootstrap distributions of the statistic of several candidates over the same resamples: differences are those of the paired
 * bootstrap (P. Koehn, "Statistical significance tests for machine translation evaluation", EMNLP 2004).
 *
 * @param candidates the numbers of each, `[n, size]`
 * @returns one `[resamples]` per candidate
 */
export function bootstrapAdditive(
  statistic: AdditiveStatistic,
  candidates: readonly Float64Array[],
  options: BootstrapOptions,
): Float64Array[] {
  const { size } = statistic;
  const sums = new Float64Array(size);
  return bootstrap(options, candidates.length, (drawn, into) => {
    candidates.forEach((numbers, candidate) => {
      sums.fill(0);
      for (let k = 0; k < drawn.length; k++) {
        const start = (drawn[k] ?? 0) * size;
        for (let j = 0; j < size; j++) sums[j] = (sums[j] ?? 0) + (numbers[start + j] ?? 0);
      }
      into[candidate] = statistic.value(sums, drawn.length);
    });
  });
}

/** The statistic without one example, for each example: what the jackknife needs. `[n, size]` → `[n]`. */
export function leaveOneOutAdditive(statistic: AdditiveStatistic, numbers: Float64Array): Float64Array {
  const { size } = statistic;
  const n = numbers.length / size;
  const all = sumExamples(numbers, size);
  return Float64Array.from({ length: n }, (_, i) => {
    const rest = all.map((sum, j) => sum - (numbers[i * size + j] ?? 0));
    return statistic.value(rest, n - 1);
  });
}

/**
 * The two-sided p of a paired permutation test of "`a` and `b` have the same statistic"; numbers are `[n, size]`. Where few examples
 * differ it is exact.
 */
export function permuteAdditive(
  statistic: AdditiveStatistic,
  a: Float64Array,
  b: Float64Array,
  options: PermutationOptions,
): number {
  const { size } = statistic;
  const n = a.length / size;
  const [sumA, sumB] = [sumExamples(a, size), sumExamples(b, size)];
  const excess: number[][] = [];
  for (let i = 0; i < n; i++) {
    const own = Array.from({ length: size }, (_, j) => (b[i * size + j] ?? 0) - (a[i * size + j] ?? 0));
    if (own.some((value) => value !== 0)) excess.push(own);
  }
  const flat = Float64Array.from(excess.flat());
  const [ofA, ofB, moved] = [sumA.slice(), sumB.slice(), new Float64Array(size)];
  const observed = statistic.value(sumB, n) - statistic.value(sumA, n);
  return permutationTest(options, excess.length, observed, (exchanged) => {
    moved.fill(0);
    for (let k = 0; k < exchanged.length; k++) {
      if (exchanged[k] === 0) continue;
      for (let j = 0; j < size; j++) moved[j] = (moved[j] ?? 0) + (flat[k * size + j] ?? 0);
    }
    for (let j = 0; j < size; j++) {
      ofA[j] = (sumA[j] ?? 0) + (moved[j] ?? 0);
      ofB[j] = (sumB[j] ?? 0) - (moved[j] ?? 0);
    }
    return statistic.value(ofB, n) - statistic.value(ofA, n);
  });
}
