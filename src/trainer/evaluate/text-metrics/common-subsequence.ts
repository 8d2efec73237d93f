/**
 * The length of the longest common subsequence of two lists. 32 places of the shorter one are worked on at once (H. Hyyrö,
 * "Bit-parallel LCS-length computation revisited", 2004), so that an output of a megabyte costs seconds and little memory.
 */
export function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  const [pattern, text] = a.length <= b.length ? [a, b] : [b, a];
  const words = Math.ceil(pattern.length / 32);
  const places = placesOf(pattern, words);
  const rows = new Uint32Array(words).fill(0xffff_ffff);
  for (const item of text) {
    const matches = places.get(item);
    if (!matches) continue;
    let carry = 0;
    for (let word = 0; word < words; word++) {
      const row = rows[word] ?? 0;
      const common = (row & (matches[word] ?? 0)) >>> 0;
      const sum = row + common + carry;
      carry = sum > 0xffff_ffff ? 1 : 0;
      rows[word] = sum | (row & ~common);
    }
  }
  let length = 0;
  for (let place = 0; place < pattern.length; place++)
    if (((rows[place >>> 5] ?? 0) & (1 << (place & 31))) === 0) length++;
  return length;
}

/** For each different item a bit at each place where it stands. */
function placesOf(pattern: readonly string[], words: number): Map<string, Uint32Array> {
  const places = new Map<string, Uint32Array>();
  pattern.forEach((item, place) => {
    let bits = places.get(item);
    if (!bits) places.set(item, (bits = new Uint32Array(words)));
    bits[place >>> 5] = (bits[place >>> 5] ?? 0) | (1 << (place & 31));
  });
  return places;
}
