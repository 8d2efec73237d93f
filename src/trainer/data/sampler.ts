import { Random, shuffle } from '../random.ts';

/** In which order an epoch visits its rows; the values of `train_sampling_strategy` in TrainingArguments. */
export type SamplingStrategy = 'random' | 'sequential' | 'group_by_length';

export interface OrderOptions {
  /** `data_seed`. */
  seed: number;
  /** From 0. */
  epoch: number;
  strategy: SamplingStrategy;
  /** Tokens of each row; needed for `group_by_length`. */
  lengths?: ArrayLike<number>;
  /** Rows of an optimizer step (batch size × accumulation, as transformers groups them); needed for `group_by_length`. */
  batchSize?: number;
}

/**
 * The order in which an epoch visits its rows: a pure function of its arguments, the same on every machine, so a resumed
 * run needs to know only the epoch and how far it had come.
 * @returns [rows] row numbers, each once
 */
export function epochOrder(
  rows: number,
  { seed, epoch, strategy, lengths, batchSize }: OrderOptions,
): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  if (strategy === 'sequential') return order;
  shuffle(order, new Random(seed, epoch));
  if (strategy === 'random') return order;
  if (lengths === undefined || batchSize === undefined) {
    throw new Error('group_by_length needs the lengths of the rows and the batch size');
  }
  return groupByLength(order, lengths, batchSize);
}

/**
 * Puts rows of like length together and keeps some chance: transformers' `get_length_grouped_indices` after its permutation. The order
 * is cut into megabatches of up to 50 batches, each is sorted from long to short (equal lengths keep their order), and the longest
 * row of all comes first, so that a lack of memory shows at once.
 * @param order the shuffled rows; not changed
 */
export function groupByLength(order: Int32Array, lengths: ArrayLike<number>, batchSize: number): Int32Array {
  const grouped = order.slice();
  const megabatch = Math.max(1, Math.min(Math.floor(order.length / (batchSize * 4)), 50)) * batchSize;
  let longest = 0;
  for (let start = 0; start < grouped.length; start += megabatch) {
    grouped.subarray(start, start + megabatch).sort((a, b) => lengths[b]! - lengths[a]!);
    if (lengths[grouped[start]!]! > lengths[grouped[longest]!]!) longest = start;
  }
  if (grouped.length > 0) [grouped[0], grouped[longest]] = [grouped[longest]!, grouped[0]!];
  return grouped;
}
