/** Examples of a batch, at most. */
const ROWS = 32;
/** Places of a batch, padding included, at most: it bounds the memory that attention takes. */
const PLACES = 8192;

/**
 * Puts examples of similar length together, so that batches need little padding; the longest first, so that a batch that
 * does not fit into memory is met at once and not after an hour. The same for the same lengths, wherever it is resumed.
 *
 * @param lengths `[rows]` tokens of each example
 * @returns rows of each batch
 */
export function planBatches(lengths: Int32Array): Int32Array[] {
  const order = Int32Array.from(lengths.keys()).sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  const batches: Int32Array[] = [];
  for (let first = 0; first < order.length;) {
    const longest = Math.max(1, lengths[order[first]!]!);
    const rows = Math.max(1, Math.min(ROWS, Math.floor(PLACES / longest)));
    batches.push(order.slice(first, first + rows));
    first += rows;
  }
  return batches;
}
