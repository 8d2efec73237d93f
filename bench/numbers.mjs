/** The middle value; of an even number of values, the mean of the middle two. */
export function median(values) {
  if (values.length === 0) throw new Error('the median of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The largest |a − b| / |b|. */
export function relativeDeviation(ours, theirs) {
  if (ours.length !== theirs.length) throw new Error(`${ours.length} numbers against ${theirs.length}`);
  return Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]) / Math.abs(theirs[i])));
}

/** A stream of numbers in [0, 1) from a seed (mulberry32), for inputs that are the same in every run. */
export function* uniform(seed) {
  let state = seed >>> 0;
  for (;;) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
