/**
 * Counts how often each true label (row) was predicted as each label (column).
 *
 * @param predictions `[n]` label indices, each from 0 to `labels` - 1
 * @param references `[n]` label indices
 * @param labels how many labels there are
 * @returns `[labels, labels]`, row-major: `counts[reference * labels + prediction]`
 * @throws RangeError on arrays of different length, or an index that is no label
 */
export function countConfusions(predictions: Int32Array, references: Int32Array, labels: number): Int32Array {
  if (predictions.length !== references.length) {
    throw new RangeError(`${predictions.length} predictions for ${references.length} references.`);
  }
  const counts = new Int32Array(labels * labels);
  for (let i = 0; i < references.length; i++) {
    const reference = references[i] ?? -1;
    const prediction = predictions[i] ?? -1;
    if (reference < 0 || reference >= labels || prediction < 0 || prediction >= labels) {
      throw new RangeError(
        `Example ${i}: label ${reference} or prediction ${prediction} is not below ${labels}.`,
      );
    }
    const cell = reference * labels + prediction;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return counts;
}

/** The same counts as an array of rows, as they stand in an evaluation result. */
export function confusionRows(counts: Int32Array, labels: number): number[][] {
  return Array.from({ length: labels }, (_, row) => [...counts.subarray(row * labels, (row + 1) * labels)]);
}
