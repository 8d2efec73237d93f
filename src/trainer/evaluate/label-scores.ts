import type { LabelScore } from '../../protocol/evaluation.ts';

/** A quotient where nothing divided by nothing is 0, as scikit-learn has it with `zero_division=0`. */
const quotient = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/**
 * Precision, recall and F1 of every label: scikit-learn's `precision_recall_fscore_support(…, zero_division=0)`.
 *
 * @param confusions `[labels, labels]` counts, rows are the true labels (see `countConfusions`)
 */
export function scoreLabels(confusions: Int32Array, labels: readonly string[]): LabelScore[] {
  const size = labels.length;
  return labels.map((label, index) => {
    const right = confusions[index * size + index] ?? 0;
    let support = 0;
    let predicted = 0;
    for (let other = 0; other < size; other++) {
      support += confusions[index * size + other] ?? 0;
      predicted += confusions[other * size + index] ?? 0;
    }
    return {
      label,
      precision: quotient(right, predicted),
      recall: quotient(right, support),
      f1: quotient(2 * right, predicted + support),
      support,
    };
  });
}
