import { GrowingNumbers } from './growing-numbers.ts';

/** Values in a bucket: two to the power of `SHIFT`. */
const SHIFT = 8;
const BUCKET = 2 ** SHIFT;
/** What is known of a bucket: where its smallest and its largest finite value lie, and which they are. */
const FIELDS = 4;

/** Where the smallest and the largest finite value of a stretch lie. */
export interface Extreme {
  low: number;
  high: number;
  /** `Infinity` where none is finite. */
  min: number;
  max: number;
}

/** Gives the values from one index to before another. */
export type ReadValues = (from: number, to: number) => Float64Array;

/** The extremes of every {@link BUCKET} values of a list, so that those of a long stretch are found without reading it. */
export class Extremes {
  readonly #buckets = new GrowingNumbers();
  #length = 0;

  constructor(
    state: { buckets: Float64Array; length: number } = { buckets: new Float64Array(0), length: 0 },
  ) {
    for (const each of state.buckets) this.#buckets.push(each);
    this.#length = state.length;
  }

  /** Valid until the next change. */
  get state(): { buckets: Float64Array; length: number } {
    return { buckets: this.#buckets.view, length: this.#length };
  }

  /** Takes in the next value. */
  push(value: number): void {
    const index = this.#length++;
    const at = (index >>> SHIFT) * FIELDS;
    const buckets = this.#buckets;
    if (at === buckets.length) for (const field of [index, index, Infinity, -Infinity]) buckets.push(field);
    if (value < buckets.at(at + 2) && value !== -Infinity) this.#put(at, index, value);
    if (value > buckets.at(at + 3) && value !== Infinity) this.#put(at + 1, index, value);
  }

  /** Takes in the next values, many at once. */
  pushAll(values: Float64Array): void {
    for (let from = 0; from < values.length;) {
      const upTo = Math.min(values.length, from + BUCKET - (this.#length & (BUCKET - 1)));
      // The first makes the bucket; of the others only those that go beyond what is known matter.
      this.push(values[from++] ?? NaN);
      const at = this.#buckets.length - FIELDS;
      let [min, max] = [this.#buckets.at(at + 2), this.#buckets.at(at + 3)];
      for (; from < upTo; from++) {
        const value = values[from] ?? NaN;
        if (value < min || value > max) {
          this.push(value);
          [min, max] = [this.#buckets.at(at + 2), this.#buckets.at(at + 3)];
        } else this.#length++;
      }
    }
  }

  /** Forgets all from `length` on; `read` still gives what is kept. */
  truncate(length: number, read: ReadValues): void {
    const from = Math.floor(length / BUCKET) * BUCKET;
    this.#buckets.truncate((from / BUCKET) * FIELDS);
    this.#length = from;
    this.pushAll(read(from, length));
  }

  /** The first smallest and the first largest value from `from` to before `to`; both `from` where none is finite. */
  within(from: number, to: number, read: ReadValues): Extreme {
    const found: Extreme = { low: from, high: from, min: Infinity, max: -Infinity };
    const [first, last] = [Math.ceil(from / BUCKET), Math.floor(to / BUCKET)];
    if (first >= last) {
      scan(found, from, read(from, to));
      return found;
    }
    if (from < first * BUCKET) scan(found, from, read(from, first * BUCKET));
    for (let at = first * FIELDS; at < last * FIELDS; at += FIELDS) {
      const [min, max] = [this.#buckets.at(at + 2), this.#buckets.at(at + 3)];
      if (min < found.min) [found.low, found.min] = [this.#buckets.at(at), min];
      if (max > found.max) [found.high, found.max] = [this.#buckets.at(at + 1), max];
    }
    if (last * BUCKET < to) scan(found, last * BUCKET, read(last * BUCKET, to));
    return found;
  }

  #put(at: number, index: number, value: number): void {
    this.#buckets.set(at, index);
    this.#buckets.set(at + 2, value);
  }
}

function scan(found: Extreme, from: number, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    if (value < found.min) [found.low, found.min] = [from + i, value];
    if (value > found.max) [found.high, found.max] = [from + i, value];
  }
}
