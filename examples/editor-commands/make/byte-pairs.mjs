/**
 * A byte-level BPE vocabulary trained on text (Sennrich et al. 2016, on bytes as GPT-2 has it): words with the space before them start as
 * bytes, and the pair of neighbours that stands together most often becomes a token, again and again, until the vocabulary is full.
 */
import { PairCounts } from './pair-counts.mjs';

/** GPT-2's words: a space belongs to the word behind it. */
const WORD = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** GPT-2's letter for each byte: those that can be printed stand for themselves, the others for letters from U+0100 on. */
const LETTERS = (() => {
  const isPrinted = (byte) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrinted(byte) ? byte : next++));
})();

/**
 * @param {Iterable<string>} texts
 * @param {{ size: number, reserved: string[], leastCount?: number }} options `reserved` come first, then the 256 bytes; pairs below
 *   `leastCount` are not joined
 * @returns {{ vocabulary: string[], merges: [string, string][] }} the tokens in the order of their ids, and the pairs in the order in
 *   which they are joined
 */
export function trainBytePairs(texts, { size, reserved, leastCount = 2 }) {
  const counts = new Map();
  for (const text of texts)
    for (const word of text.match(WORD) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  const list = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, count]) => ({ count, pieces: [...Buffer.from(word)].map((byte) => LETTERS[byte]) }));
  const vocabulary = [...reserved, ...LETTERS];
  const merges = [];
  const pairs = new PairCounts(list, (left, right) => left + right);
  while (vocabulary.length < size) {
    const best = pairs.mostFrequent(leastCount);
    if (best === undefined) break;
    merges.push(best.split(' '));
    vocabulary.push(pairs.join(best));
  }
  return { vocabulary, merges };
}
