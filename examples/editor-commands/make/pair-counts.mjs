/** How often two pieces stand next to each other, and in which words. */
export class PairCounts {
  #counts = new Map();
  #owners = new Map();
  #join;

  /**
   * @param {{ count: number, pieces: string[] }[]} list words; their pieces are joined in place
   * @param {(left: string, right: string) => string} join what two pieces become
   */
  constructor(list, join) {
    this.#join = join;
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
    const joined = this.#join(left, right);
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
