import type { LabelScore } from '../../../protocol/evaluation.ts';

/** The metrics of rows with any number of labels each, from 0 to 1. */
export interface MultiLabelMetrics {
  micro_f1: number;
  macro_f1: number;
  samples_f1: number;
  accuracy: number;
  hamming_loss: number;
}

/** Labels of rows: 1 where a row has the label, 0 where not; `[rows, width]`. */
export type LabelFlags = Uint8Array;

/** What labels are counted by, each `[width]`. */
export interface LabelCounts {
  /** Rows that have the label and were given it. */
  readonly right: Int32Array;
  /** Rows that were given the label. */
  readonly predicted: Int32Array;
  /** Rows that have the label. */
  readonly support: Int32Array;
}

/** A quotient where nothing divided by nothing is 0, as scikit-learn has it with `zero_division=0`. */
const quotient = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** Whether a label is given: its probability is above 0.5, so its logit above 0. */
export function flagsOf(logits: ArrayLike<number>): LabelFlags {
  return Uint8Array.from({ length: logits.length }, (_, i) => Number(logits[i]! > 0));
}

/**
 * scikit-learn's `f1_score(average='micro' | 'macro' | 'samples', zero_division=0)`, `accuracy_score` and `hamming_loss` of indicator
 * matrices.
 * @param width labels of a row
 * @throws RangeError when there is no row
 */
export function multiLabelMetrics(
  predictions: LabelFlags,
  references: LabelFlags,
  width: number,
): MultiLabelMetrics {
  const rows = references.length / width;
  if (!(rows > 0)) throw new RangeError('There are no examples to score.');
  const counts = countLabels(predictions, references, width);
  const sum = (values: Int32Array) => values.reduce((total, value) => total + value, 0);
  const both = sum(counts.predicted) + sum(counts.support);
  let [samples, exact] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const own = rowNumbers(predictions, references, width, row);
    samples += quotient(own.right * 2, own.both);
    if (own.right * 2 === own.both) exact++;
  }
  return {
    micro_f1: quotient(2 * sum(counts.right), both),
    macro_f1: macroF1OfCounts(counts),
    samples_f1: samples / rows,
    accuracy: exact / rows,
    hamming_loss: (both - 2 * sum(counts.right)) / references.length,
  };
}

/** Of one row: labels that are right, and labels given and true together. */
export function rowNumbers(
  predictions: LabelFlags,
  references: LabelFlags,
  width: number,
  row: number,
): { right: number; both: number } {
  let [right, both] = [0, 0];
  for (let i = row * width; i < (row + 1) * width; i++) {
    right += predictions[i]! & references[i]!;
    both += predictions[i]! + references[i]!;
  }
  return { right, both };
}

export function countLabels(predictions: LabelFlags, references: LabelFlags, width: number): LabelCounts {
  const { right, predicted, support } = blankCounts(width);
  references.forEach((reference, i) => {
    const label = i % width;
    right[label]! += predictions[i]! & reference;
    predicted[label]! += predictions[i]!;
    support[label]! += reference;
  });
  return { right, predicted, support };
}

/** The counts of no row at all. */
export function blankCounts(width: number): LabelCounts {
  return {
    right: new Int32Array(width),
    predicted: new Int32Array(width),
    support: new Int32Array(width),
  };
}

/** Mean of the F1 of every label, also of one that no row has and none was given, which counts as 0. */
export function macroF1OfCounts({ right, predicted, support }: LabelCounts): number {
  let sum = 0;
  for (let label = 0; label < right.length; label++)
    sum += quotient(2 * right[label]!, predicted[label]! + support[label]!);
  return sum / right.length;
}

/** Precision, recall and F1 of every label: scikit-learn's `precision_recall_fscore_support(…, zero_division=0)`. */
export function scoreLabelCounts(
  { right, predicted, support }: LabelCounts,
  labels: readonly string[],
): LabelScore[] {
  return labels.map((label, index) => ({
    label,
    precision: quotient(right[index]!, predicted[index]!),
    recall: quotient(right[index]!, support[index]!),
    f1: quotient(2 * right[index]!, predicted[index]! + support[index]!),
    support: support[index]!,
  }));
}
