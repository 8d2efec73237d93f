/**
 * The trainer's one source of random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3", SC11), a counter-based generator. Block `i` of a stream is a pure function of (key, stream, i), so any position
 * can be reached without what came before it, and two streams of one seed never meet. Same numbers on every machine.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** The upper 32 bits of the unsigned product of two 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16);
  const cross = Math.imul(aLow, bHigh) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) >>> 0;
}

/**
 * One Philox4x32-10 block: replaces the four 32-bit words of `counter` by four random words, in place.
 *
 * @param counter four words; read as the counter, overwritten with the output
 * @param key0 lower 32 bits of the key
 * @param key1 upper 32 bits of the key
 */
export function philox(counter: Uint32Array, key0: number, key1: number): void {
  let [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ key0;
    c1 = low1;
    c2 = high0 ^ c3 ^ key1;
    c3 = low0;
    key0 = (key0 + WEYL_0) | 0;
    key1 = (key1 + WEYL_1) | 0;
  }
  counter[0] = c0;
  counter[1] = c1;
  counter[2] = c2;
  counter[3] = c3;
}

/** A stream of random numbers. Streams of the same seed with different numbers are independent. */
export class Random {
  readonly #key0: number;
  readonly #key1: number;
  readonly #stream: number;
  readonly #block = new Uint32Array(4);
  #next = 0;

  /**
   * @param seed any integer up to 2^53; both of its halves count
   * @param stream which of the seed's streams, e.g. the epoch, 0 … 2^32 - 1
   */
  constructor(seed: number, stream = 0) {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`A seed is an integer, not ${seed}.`);
    this.#key0 = seed >>> 0;
    this.#key1 = Math.floor(seed / 2 ** 32) >>> 0;
    this.#stream = stream >>> 0;
  }

  /** The next 32 random bits, as an integer from 0 to 2^32 - 1. */
  uint32(): number {
    const word = this.#next & 3;
    if (word === 0) {
      const index = this.#next / 4;
      this.#block[0] = index;
      this.#block[1] = index / 2 ** 32;
      this.#block[2] = this.#stream;
      this.#block[3] = 0;
      philox(this.#block, this.#key0, this.#key1);
    }
    this.#next++;
    return this.#block[word] ?? 0;
  }

  /** The next number in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /**
   * The next integer from 0 to `bound` - 1. Lemire's multiply-and-reject: without bias.
   *
   * @param bound from 1 to 2^32
   */
  below(bound: number): number {
    for (;;) {
      // 2^32 · bound exceeds 2^53 for large bounds, so high and low half are made apart.
      const word = this.uint32();
      const high = bound === 2 ** 32 ? word : multiplyHigh(word, bound);
      const low = Math.imul(word, bound) >>> 0;
      if (low >= bound || low >= 2 ** 32 % bound) return high;
    }
  }
}

/**
 * Fisher–Yates: puts the entries in random order, in place, each order equally likely.
 *
 * @returns the same array
 */
export function shuffle<T extends Int32Array | unknown[]>(entries: T, random: Random): T {
  for (let i = entries.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = entries[i];
    entries[i] = entries[j];
    entries[j] = held;
  }
  return entries;
}
