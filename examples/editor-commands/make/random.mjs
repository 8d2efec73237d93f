/** Random numbers from a seed, the same on every machine (mulberry32). */
export class Random {
  #state;

  /** @param {number} seed an integer from 0 to 2^32 - 1 */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** The next number in [0, 1). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to `bound` - 1. */
  below(bound) {
    return Math.floor(this.next() * bound);
  }

  /** True with this probability. */
  chance(probability) {
    return this.next() < probability;
  }

  /** One entry of a list. */
  pick(list) {
    return list[this.below(list.length)];
  }

  /** A copy of a list in random order. */
  shuffled(list) {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }
}
