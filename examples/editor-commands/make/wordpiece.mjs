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

  const pairs = new PairCounts(list);
  while (vocabulary.size < size) {
    const best = pairs.mostFrequent(leastCount);
    if (best === undefined) break;
    vocabulary.add(pairs.join(best));
  }
  return [...vocabulary];
}

/** How often two pieces stand next to each other, and in which words. */
class PairCounts {
  #counts = new Map();
  #owners = new Map();

  constructor(list) {
    for (const word of list) this.#add(word, word.count);
  }

  /** The most frequent pair as `left right`, ties by alphabet; undefined when none reaches `least`. */
  mostFrequent(least) {
    let best;
    let most = least - 1;
    for (const [pair, count] of this.#counts) {
      if (count > most || (count === most && best !== undefined && pair < best)) [best, most] = [pair, count];
    }
    return best;
  }

  /** Makes one piece of a pair in every word; returns the piece. */
  join(pair) {
    const [left, right] = pair.split(' ');
    const joined = left + right.slice(2);
    for (const word of [...this.#owners.get(pair)]) {
      this.#add(word, -word.count);
      const pieces = [];
      for (const piece of word.pieces) {
        if (piece === right && pieces.at(-1) === left) pieces[pieces.length - 1] = joined;
        else pieces.push(piece);
      }
      word.pieces = pieces;
      this.#add(word, word.count);
    }
    return joined;
  }

  #add(word, count) {
    for (let i = 1; i < word.pieces.length; i++) {
      const pair = `${word.pieces[i - 1]} ${word.pieces[i]}`;
      const sum = (this.#counts.get(pair) ?? 0) + count;
      if (sum > 0) this.#counts.set(pair, sum);
      else this.#counts.delete(pair);
      const owners = this.#owners.get(pair) ?? new Set();
      if (count > 0) owners.add(word);
      else owners.delete(word);
      this.#owners.set(pair, owners);
    }
  }
}
