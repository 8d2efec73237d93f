import { sizesOf, type Feeds } from '../runtime/feeds.ts';
import { rowLength, type Sequences } from './sequences.ts';

/** A batch as the graph takes it, and what the loop counts. */
export interface Batch {
  readonly feeds: Feeds;
  /** Real tokens, without padding. */
  readonly tokens: number;
  /** How many targets the loss is a sum over. */
  readonly targets: number;
}

/** Tokens of a batch with its padding: every row as long as the longest. */
export function paddedTokens({ feeds }: Batch): number {
  const { batch = 0, seq = 0 } = sizesOf(feeds);
  return batch * seq;
}

/**
 * Lays rows end to end without padding, with the tables that attention needs (see `models/batch-inputs.ts`).
 * @param rows numbers of the rows, in the order they stand in the batch
 */
export function collate(sequences: Sequences, rows: ArrayLike<number>): Feeds {
  const batch = rows.length;
  const lengths = Array.from({ length: batch }, (_, i) => rowLength(sequences, rows[i]!));
  const tokens = lengths.reduce((a, b) => a + b, 0);
  const seq = Math.max(...lengths);
  const input_ids = new Int32Array(tokens);
  const token_type_ids = new Int32Array(tokens);
  const position_ids = new Int32Array(tokens);
  const sequence_ids = new Int32Array(tokens);
  const pad_index = new Int32Array(batch * seq);
  const attention_mask = new Float32Array(batch * seq);

  let next = 0;
  lengths.forEach((length, i) => {
    const from = sequences.offsets[rows[i]!]!;
    input_ids.set(sequences.input_ids.subarray(from, from + length), next);
    if (sequences.token_type_ids)
      token_type_ids.set(sequences.token_type_ids.subarray(from, from + length), next);
    sequence_ids.fill(i, next, next + length);
    attention_mask.fill(1, i * seq, i * seq + length);
    for (let position = 0; position < length; position++) {
      position_ids[next + position] = position;
      pad_index[i * seq + position] = next + position;
    }
    next += length;
  });
  return {
    input_ids: { data: input_ids, dims: [tokens] },
    token_type_ids: { data: token_type_ids, dims: [tokens] },
    position_ids: { data: position_ids, dims: [tokens] },
    sequence_ids: { data: sequence_ids, dims: [tokens] },
    pad_index: { data: pad_index, dims: [batch, seq] },
    attention_mask: { data: attention_mask, dims: [batch, seq] },
  };
}

/** A batch for classification: one label a row. */
export function collateClassification(
  sequences: Sequences,
  labels: Int32Array,
  rows: ArrayLike<number>,
): Batch {
  const feeds = collate(sequences, rows);
  const picked = Int32Array.from({ length: rows.length }, (_, i) => labels[rows[i]!]!);
  return {
    feeds: { ...feeds, labels: { data: picked, dims: [rows.length] } },
    tokens: feeds.input_ids!.dims[0]!,
    targets: rows.length,
  };
}

/** A batch for texts with a number for each output: `labels [rows, width] float32`. */
export function collateTextTargets(
  sequences: Sequences,
  { values, width }: { readonly values: Float32Array; readonly width: number },
  rows: ArrayLike<number>,
): Batch {
  const feeds = collate(sequences, rows);
  const picked = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++)
    picked.set(values.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  return {
    feeds: { ...feeds, labels: { data: picked, dims: [rows.length, width] } },
    tokens: feeds.input_ids!.dims[0]!,
    targets: rows.length,
  };
}
