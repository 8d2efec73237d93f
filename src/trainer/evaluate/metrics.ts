import { countConfusions } from './confusion.ts';

/** The metrics of a classifier that are computed from predictions and references alone, each from 0 to 1. */
export interface ClassificationMetrics {
  accuracy: number;
  macro_f1: number;
  micro_f1: number;
}

/**
 * Scores predicted labels: scikit-learn's `accuracy_score` and `f1_score(average='macro' | 'micro', zero_division=0)`.
 *
 * @param predictions `[n]` label indices
 * @param references `[n]` label indices
 * @param labels names of all labels; only their number counts here
 * @throws RangeError when there is no example, or an index is no label
 */
export function classificationMetrics(
  predictions: Int32Array,
  references: Int32Array,
  labels: readonly string[],
): ClassificationMetrics {
  return metricsOfConfusions(countConfusions(predictions, references, labels.length), labels.length);
}

/** {@link classificationMetrics} of counts `[labels, labels]` whose rows are the true labels. */
export function metricsOfConfusions(confusions: Int32Array, labels: number): ClassificationMetrics {
  const { right, predicted, support } = marginals(confusions, labels);
  const examples = support.reduce((sum, count) => sum + count, 0);
  if (examples === 0) throw new RangeError('There are no examples to score.');
  const accuracy = right.reduce((sum, count) => sum + count, 0) / examples;
  // With one label an example, what is a false positive for one label is a false negative for another: micro-F1 is accuracy.
  return { accuracy, macro_f1: macroF1(right, predicted, support), micro_f1: accuracy };
}

/**
 * The mean of the labels' F1 = 2·tp / (predicted + support), over the labels that stand in the references or the
 * predictions. Labels in neither do not count, which is what scikit-learn's `f1_score` does without `labels=`.
 *
 * @param right `[labels]` examples of the label that were predicted as it
 * @param predicted `[labels]` examples predicted as the label
 * @param support `[labels]` examples that truly have the label
 */
export function macroF1(right: Int32Array, predicted: Int32Array, support: Int32Array): number {
  let sum = 0;
  let present = 0;
  for (let label = 0; label < right.length; label++) {
    const both = (predicted[label] ?? 0) + (support[label] ?? 0);
    if (both === 0) continue;
    present++;
    sum += (2 * (right[label] ?? 0)) / both;
  }
  return present === 0 ? 0 : sum / present;
}

/** The diagonal, the column sums and the row sums of a confusion matrix, each `[labels]`. */
export function marginals(confusions: Int32Array, labels: number) {
  const right = new Int32Array(labels);
  const predicted = new Int32Array(labels);
  const support = new Int32Array(labels);
  for (let row = 0; row < labels; row++) {
    for (let column = 0; column < labels; column++) {
      const count = confusions[row * labels + column] ?? 0;
      support[row] = (support[row] ?? 0) + count;
      predicted[column] = (predicted[column] ?? 0) + count;
      if (row === column) right[row] = count;
    }
  }
  return { right, predicted, support };
}
