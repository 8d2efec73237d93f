import { collate, type Batch } from './collate.ts';
import { rowLength, type Sequences } from './sequences.ts';

/**
 * A batch for causal language modelling. Each token that `lossMask` names is a target, predicted at the token before it;
 * the first token of a sequence has none before it and is never one.
 * @param rows numbers of sequences
 */
export function collateCausal(sequences: Sequences, lossMask: Uint8Array, rows: ArrayLike<number>): Batch {
  return collateTargets(sequences, rows, (token, isFirst) =>
    isFirst || lossMask[token] !== 1 ? undefined : { at: token - 1, label: sequences.input_ids[token]! },
  );
}

/**
 * A batch for token classification.
 * @param labels aligned with `input_ids`; a token whose label is below zero is no target
 */
export function collateTokens(sequences: Sequences, labels: Int32Array, rows: ArrayLike<number>): Batch {
  return collateTargets(sequences, rows, (token) =>
    labels[token]! < 0 ? undefined : { at: token, label: labels[token]! },
  );
}

/** Asks for each token of the data in the rows whether it is a target, and at which token it is predicted. */
function collateTargets(
  sequences: Sequences,
  rows: ArrayLike<number>,
  targetOf: (token: number, isFirst: boolean) => { at: number; label: number } | undefined,
): Batch {
  const feeds = collate(sequences, rows);
  const places: number[] = [];
  const labels: number[] = [];
  let done = 0;
  for (const row of Array.from(rows)) {
    const from = sequences.offsets[row]!;
    const length = rowLength(sequences, row);
    for (let token = from; token < from + length; token++) {
      const target = targetOf(token, token === from);
      if (!target) continue;
      places.push(done + target.at - from);
      labels.push(target.label);
    }
    done += length;
  }
  return {
    feeds: {
      ...feeds,
      target_index: { data: Int32Array.from(places), dims: [places.length] },
      labels: { data: Int32Array.from(labels), dims: [labels.length] },
    },
    tokens: done,
    targets: labels.length,
  };
}
