import { bootstrap } from '../statistics/bootstrap.ts';
import { permutationTest } from '../statistics/permutation.ts';
import type { ResampledMetric } from '../statistics/resampled.ts';
import { countLabels, macroF1OfCounts, type LabelCounts, type LabelFlags } from './label-metrics.ts';

/** The labels of one row that are given or true, which are few among many. */
interface RowLabels {
  readonly labels: Int32Array;
  /** Aligned with `labels`. */
  readonly given: Uint8Array;
  readonly isTrue: Uint8Array;
}

/**
 * Macro-F1 of rows with any number of labels. What is counted is a row's own labels, so that time does not grow with the number of all labels.
 * @param candidates the labels that each gave, `[rows, width]`
 */
export function labelMacroF1(
  candidates: readonly LabelFlags[],
  references: LabelFlags,
  width: number,
): ResampledMetric {
  const n = references.length / width;
  const rows = candidates.map((flags) => rowsOf(flags, references, width));
  const totals = candidates.map((flags) => countLabels(flags, references, width));
  return {
    name: 'macro_f1',
    value: (candidate) => macroF1OfCounts(totals[candidate]!),
    bootstrap: (options) => {
      const counts = blank(width);
      return bootstrap({ ...options, n }, candidates.length, (drawn, into) => {
        rows.forEach((own, candidate) => {
          clear(counts);
          for (const row of drawn) add(counts, own[row]!, 1);
          into[candidate] = macroF1OfCounts(counts);
        });
      });
    },
    leaveOneOut: (candidate) => {
      const counts = copy(totals[candidate]!);
      return Float64Array.from(rows[candidate]!, (row) => {
        add(counts, row, -1);
        const value = macroF1OfCounts(counts);
        add(counts, row, 1);
        return value;
      });
    },
    permute: (a, b, options) => {
      const [rowsA, rowsB] = [rows[a]!, rows[b]!];
      const differing = Int32Array.from(rowsA.keys()).filter((row) => differ(rowsA[row]!, rowsB[row]!));
      const [ofA, ofB] = [blank(width), blank(width)];
      const observed = macroF1OfCounts(totals[b]!) - macroF1OfCounts(totals[a]!);
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
        return macroF1OfCounts(ofB) - macroF1OfCounts(ofA);
      });
    },
  };
}

function rowsOf(flags: LabelFlags, references: LabelFlags, width: number): RowLabels[] {
  return Array.from({ length: references.length / width }, (_, row) => {
    const labels: number[] = [];
    for (let label = 0; label < width; label++)
      if (flags[row * width + label]! + references[row * width + label]! > 0) labels.push(label);
    const of = (values: LabelFlags) => Uint8Array.from(labels, (label) => values[row * width + label]!);
    return { labels: Int32Array.from(labels), given: of(flags), isTrue: of(references) };
  });
}

function differ(a: RowLabels, b: RowLabels): boolean {
  const key = ({ labels, given }: RowLabels) => labels.filter((_, i) => given[i] === 1).join();
  return key(a) !== key(b);
}

function add({ right, predicted, support }: LabelCounts, row: RowLabels, amount: number): void {
  row.labels.forEach((label, i) => {
    const [given, isTrue] = [row.given[i]!, row.isTrue[i]!];
    predicted[label]! += given * amount;
    support[label]! += isTrue * amount;
    right[label]! += given * isTrue * amount;
  });
}

function blank(width: number): LabelCounts {
  return {
    right: new Int32Array(width),
    predicted: new Int32Array(width),
    support: new Int32Array(width),
  };
}

function copy(counts: LabelCounts): LabelCounts {
  const copied = blank(counts.right.length);
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
