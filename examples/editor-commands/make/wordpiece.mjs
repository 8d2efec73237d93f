import { PairCounts } from './pair-counts.mjs';

/**
 * A WordPiece vocabulary trained on text (Schuster and Nakajima 2012, as BERT uses it): words start as single characters, and the pair of
 * neighbours that stands together most often becomes a token, again and again, until the vocabulary is full. Pieces that go
 * on within a word begin with ##.
 */

/** BERT's words: lower case, without accents, cut at spaces and around each punctuation mark. */
export function words(text) {
  const plain = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '');
  return plain.match(/[\p{P}\p{S}]|[^\s\p{P}\p{S}]+/gu) ?? [];
}

/**
 * @param {Iterable<string>} lines
 * @param {{ size: number, reserved: string[], alphabet: string, leastCount?: number }} options `reserved` come first; the
 *   characters of `alphabet` are always in, at the start of a word and within one; pairs below `leastCount` are not joined
 * @returns {string[]} the tokens in the order of their ids
 */
export function trainWordPiece(lines, { size, reserved, alphabet, leastCount = 2 }) {
  const counts = new Map();
  for (const line of lines) for (const word of words(line)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const known = new Set(alphabet);
  const list = [...counts]
    .filter(([word]) => [...word].every((character) => known.has(character)))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, count]) => ({ count, pieces: [...word].map((c, i) => (i === 0 ? c : `##${c}`)) }));

  const vocabulary = new Set(reserved);
  for (const character of known) vocabulary.add(character);
  for (const character of known) if (/[\p{L}\p{N}]/u.test(character)) vocabulary.add(`##${character}`);

  const pairs = new PairCounts(list, (left, right) => left + right.slice(2));
  while (vocabulary.size < size) {
    const best = pairs.mostFrequent(leastCount);
    if (best === undefined) break;
    vocabulary.add(pairs.join(best));
  }
  return [...vocabulary];
}
