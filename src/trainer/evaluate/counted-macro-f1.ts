import { bootstrap } from './statistics/bootstrap.ts';
import { permutationTest } from './statistics/permutation.ts';
import type { ResampledMetric } from './statistics/resampled.ts';
import { blankCounts, type LabelCounts } from './targets/label-metrics.ts';

/** What one row adds to the counts of the labels that it is about, which are few among many. */
export interface RowCounts {
  readonly labels: Int32Array;
  /** Aligned with `labels`, like the others. */
  readonly right: Int32Array;
  readonly predicted: Int32Array;
  readonly support: Int32Array;
}

/**
 * Macro-F1 of rows that count for any number of labels. What is counted is a row's own labels, so that time does not grow with the number
 * of all labels.
 * @param candidates the counts of each row, by candidate
 * @param width how many labels there are
 * @param macroF1 of the counts of all rows, or of those that were drawn
 */
export function countedMacroF1(
  candidates: readonly (readonly RowCounts[])[],
  width: number,
  macroF1: (counts: LabelCounts) => number,
): ResampledMetric {
  const n = candidates[0]?.length ?? 0;
  const totals = candidates.map((rows) => sumCounts(rows, width));
  return {
    name: 'macro_f1',
    value: (candidate) => macroF1(totals[candidate]!),
    bootstrap: (options) => {
      const counts = blankCounts(width);
      return bootstrap({ ...options, n }, candidates.length, (drawn, into) => {
        candidates.forEach((own, candidate) => {
          clear(counts);
          for (const row of drawn) add(counts, own[row]!, 1);
          into[candidate] = macroF1(counts);
        });
      });
    },
    leaveOneOut: (candidate) => {
      const counts = copy(totals[candidate]!);
      return Float64Array.from(candidates[candidate]!, (row) => {
        add(counts, row, -1);
        const value = macroF1(counts);
        add(counts, row, 1);
        return value;
      });
    },
    permute: (a, b, options) => {
      const [rowsA, rowsB] = [candidates[a]!, candidates[b]!];
      const differing = Int32Array.from(rowsA.keys()).filter((row) => differ(rowsA[row]!, rowsB[row]!));
      const [ofA, ofB] = [blankCounts(width), blankCounts(width)];
      const observed = macroF1(totals[b]!) - macroF1(totals[a]!);
      return permutationTest(options, differing.length, observed, (exchanged) => {
        assign(ofA, totals[a]!);
        assign(ofB, totals[b]!);
        exchanged.forEach((isExchanged, k) => {
          if (isExchanged === 0) return;
          const row = differing[k]!;
          add(ofA, rowsA[row]!, -1);
          add(ofA, rowsB[row]!, 1);
          add(ofB, rowsB[row]!, -1);
          add(ofB, rowsA[row]!, 1);
        });
        return macroF1(ofB) - macroF1(ofA);
      });
    },
  };
}

/** The counts of all rows. */
export function sumCounts(rows: readonly RowCounts[], width: number): LabelCounts {
  const counts = blankCounts(width);
  for (const row of rows) add(counts, row, 1);
  return counts;
}

function differ(a: RowCounts, b: RowCounts): boolean {
  // What a row adds that was neither right nor given is the same for every candidate.
  const key = ({ labels, right, predicted }: RowCounts) =>
    [...labels.keys()]
      .filter((i) => predicted[i]! > 0)
      .map((i) => `${labels[i]} ${right[i]} ${predicted[i]}`)
      .join();
  return key(a) !== key(b);
}

function add({ right, predicted, support }: LabelCounts, row: RowCounts, amount: number): void {
  row.labels.forEach((label, i) => {
    right[label]! += row.right[i]! * amount;
    predicted[label]! += row.predicted[i]! * amount;
    support[label]! += row.support[i]! * amount;
  });
}

function copy(counts: LabelCounts): LabelCounts {
  const copied = blankCounts(counts.right.length);
  assign(copied, counts);
  return copied;
}

function assign(to: LabelCounts, from: LabelCounts): void {
  to.right.set(from.right);
  to.predicted.set(from.predicted);
  to.support.set(from.support);
}

function clear({ right, predicted, support }: LabelCounts): void {
  for (const counts of [right, predicted, support]) counts.fill(0);
}
