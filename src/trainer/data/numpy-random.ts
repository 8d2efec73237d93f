const MASK_32 = 0xffff_ffffn;
const MASK_64 = 0xffff_ffff_ffff_ffffn;
const MASK_128 = (1n << 128n) - 1n;
const MULTIPLIER = (2549297995355413924n << 64n) | 4865540595714422341n;

/**
 * Random numbers as `numpy.random.default_rng(seed)` gives them: O'Neill's PCG64 (XSL RR 128/64), seeded by numpy's SeedSequence. Only what
 * `datasets.Dataset.train_test_split` uses is here.
 */
export class NumpyRandom {
  #state: bigint;
  readonly #increment: bigint;
  /** The upper half of the last 64 bits, which the next 32 are. */
  #kept: number | undefined;

  /** @param seed a whole number from 0 */
  constructor(seed: number) {
    const words = seedWords(seed, 8);
    const [a = 0n, b = 0n, c = 0n, d = 0n] = [0, 2, 4, 6].map(
      (at) => BigInt(words[at]!) | (BigInt(words[at + 1]!) << 32n),
    );
    this.#increment = ((((c << 64n) | d) << 1n) | 1n) & MASK_128;
    this.#state = ((this.#increment + ((a << 64n) | b)) * MULTIPLIER + this.#increment) & MASK_128;
  }

  /** The numbers from 0 to `count` - 1 in random order. */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    this.#shuffle(order, (most) => this.#masked(most));
    return order;
  }

  /**
   * `size` of the numbers from 0 to `count` - 1, none twice. Of more than 10,000 numbers numpy draws many otherwise.
   * @throws RangeError where `count` is above 10,000
   */
  choice(count: number, size: number): Uint32Array {
    if (count > 10_000) throw new RangeError(`${count} numbers to choose from`);
    // Floyd's algorithm.
    const chosen = new Set<number>();
    const order = new Uint32Array(size);
    for (let last = count - size; last < count; last++) {
      const drawn = this.#upTo(last);
      const taken = chosen.has(drawn) ? last : drawn;
      chosen.add(taken);
      order[last - count + size] = taken;
    }
    this.#shuffle(order, (most) => this.#upTo(most));
    return order;
  }

  #shuffle(order: Uint32Array, upTo: (most: number) => number): void {
    for (let last = order.length - 1; last > 0; last--) {
      const other = upTo(last);
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
  }

  /** A whole number from 0 to `most`, which is below 2^32 - 1: Lemire's method. */
  #upTo(most: number): number {
    if (most === 0) return 0;
    const range = BigInt(most + 1);
    let product = BigInt(this.#next32()) * range;
    const threshold = BigInt((0xffff_ffff - most) % (most + 1));
    while ((product & MASK_32) < threshold) product = BigInt(this.#next32()) * range;
    return Number(product >> 32n);
  }

  /** The same by drawing until a number fits, which numpy does where it shuffles a list. */
  #masked(most: number): number {
    const mask = 0xffff_ffff >>> Math.clz32(most);
    for (;;) {
      const drawn = (this.#next32() & mask) >>> 0;
      if (drawn <= most) return drawn;
    }
  }

  #next32(): number {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept !== undefined) return kept;
    this.#state = (this.#state * MULTIPLIER + this.#increment) & MASK_128;
    const mixed = (this.#state >> 64n) ^ (this.#state & MASK_64);
    const turn = this.#state >> 122n;
    const next = ((mixed >> turn) | (mixed << (64n - turn))) & MASK_64;
    this.#kept = Number(next >> 32n);
    return Number(next & MASK_32);
  }
}

/** `numpy.random.SeedSequence(seed).generate_state(count)`. */
function seedWords(seed: number, count: number): Uint32Array {
  let constant = 0x43b0d7e5;
  const hash = (value: number) => {
    const mixed = value ^ constant;
    constant = Math.imul(constant, 0x931e8875);
    const product = Math.imul(mixed, constant);
    return (product ^ (product >>> 16)) >>> 0;
  };
  const mix = (x: number, y: number) => {
    const sum = (Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)) >>> 0;
    return (sum ^ (sum >>> 16)) >>> 0;
  };
  const entropy = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
  const pool = Uint32Array.from({ length: 4 }, (_, at) => hash(entropy[at] ?? 0));
  for (let from = 0; from < 4; from++)
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mix(pool[to]!, hash(pool[from]!));
  constant = 0x8b51f9dd;
  return Uint32Array.from({ length: count }, (_, at) => {
    const mixed = pool[at % 4]! ^ constant;
    constant = Math.imul(constant, 0x58f38ded);
    const product = Math.imul(mixed, constant);
    return (product ^ (product >>> 16)) >>> 0;
  });
}
