import { collate, type Batch } from './collate.ts';
import { rowLength, type Sequences } from './sequences.ts';

/**
 * A batch for causal language modelling. Each token that `lossMask` names is a target, predicted at the token before it;
 * the first token of a sequence has none before it and is never one.
 * @param sequences of which the rows are numbers
 */
export function collateCausal(sequences: Sequences, lossMask: Uint8Array, rows: ArrayLike<number>): Batch {
  const feeds = collate(sequences, rows);
  const places: number[] = [];
  const labels: number[] = [];
  let first = 0;
  for (const row of Array.from(rows)) {
    const from = sequences.offsets[row]!;
    const length = rowLength(sequences, row);
    for (let i = 1; i < length; i++) {
      if (lossMask[from + i] !== 1) continue;
      places.push(first + i - 1);
      labels.push(sequences.input_ids[from + i]!);
    }
    first += length;
  }
  return {
    feeds: {
      ...feeds,
      target_index: { data: Int32Array.from(places), dims: [places.length] },
      labels: { data: Int32Array.from(labels), dims: [labels.length] },
    },
    tokens: first,
    targets: labels.length,
  };
}
