import {
  bootstrapAdditive,
  leaveOneOutAdditive,
  permuteAdditive,
  valueOfAll,
} from '../statistics/additive.ts';
import type { AdditiveStatistic } from '../statistics/additive.ts';
import { bootstrap } from '../statistics/bootstrap.ts';
import { permutationTest } from '../statistics/permutation.ts';
import type { ResampledMetric } from '../statistics/resampled.ts';
import { PEARSON, pearsonNumbers } from './number-metrics.ts';
import { denseCodes, RankCorrelation, rankCorrelation } from './ranks.ts';

/** An exchange after which a correlation is not defined is as extreme as can be: p is rather too large than too small. */
const orExtreme = (difference: number) => (Number.isNaN(difference) ? Infinity : difference);

/** Pearson's correlation of each candidate's numbers, `[n]`, with the true ones. */
export function pearsonMetric(
  candidates: readonly Float64Array[],
  references: Float64Array,
): ResampledMetric {
  const n = references.length;
  // From one origin for all candidates, for an exchange puts the numbers of one into the sums of another.
  const origin = candidates[0]?.[0] ?? 0;
  const numbers = candidates.map((values) =>
    pearsonNumbers([origin, ...values], [references[0] ?? 0, ...references]).subarray(PEARSON.size),
  );
  const difference: AdditiveStatistic = PEARSON;
  return {
    name: 'pearson',
    value: (candidate) => valueOfAll(PEARSON, numbers[candidate]!),
    bootstrap: (options) => bootstrapAdditive(PEARSON, numbers, { ...options, n }),
    leaveOneOut: (candidate) => leaveOneOutAdditive(PEARSON, numbers[candidate]!),
    permute: (a, b, options) => permuteAdditive(difference, numbers[a]!, numbers[b]!, options),
  };
}

/** Spearman's correlation of each candidate's numbers, `[n]`, with the true ones. */
export function spearmanMetric(
  candidates: readonly Float64Array[],
  references: Float64Array,
): ResampledMetric {
  const n = references.length;
  const truth = denseCodes(references);
  const all = denseCodes(candidates.flatMap((values) => [...values]));
  const codes = candidates.map((_, candidate) => all.codes.subarray(candidate * n, (candidate + 1) * n));
  const correlation = new RankCorrelation(all.size, truth.size);
  const over = (own: Int32Array, rows: ArrayLike<number>) =>
    correlation.of(
      rows.length,
      (i) => own[rows[i]!]!,
      (i) => truth.codes[rows[i]!]!,
    );
  return {
    name: 'spearmanr',
    value: (candidate) => rankCorrelation(candidates[candidate]!, references),
    bootstrap: (options) =>
      bootstrap({ ...options, n }, candidates.length, (drawn, into) => {
        codes.forEach((own, candidate) => (into[candidate] = over(own, drawn)));
      }),
    leaveOneOut: (candidate) =>
      Float64Array.from(references, (_, left) => {
        const rows = Int32Array.from({ length: n - 1 }, (_, i) => (i < left ? i : i + 1));
        return over(codes[candidate]!, rows);
      }),
    permute: (a, b, options) => {
      const rows = Int32Array.from(references.keys());
      const [ofA, ofB] = [codes[a]!, codes[b]!];
      const differing = rows.filter((row) => ofA[row] !== ofB[row]);
      const [left, right] = [ofA.slice(), ofB.slice()];
      const observed = over(ofB, rows) - over(ofA, rows);
      return permutationTest(options, differing.length, observed, (exchanged) => {
        exchanged.forEach((isExchanged, k) => {
          const row = differing[k]!;
          left[row] = isExchanged === 1 ? ofB[row]! : ofA[row]!;
          right[row] = isExchanged === 1 ? ofA[row]! : ofB[row]!;
        });
        return orExtreme(over(right, rows) - over(left, rows));
      });
    },
  };
}
