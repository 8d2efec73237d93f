import { BLOCK } from '../../../runs/columns/block-store.ts';
import type { Column } from '../../../runs/columns/column.ts';
import { Extremes } from '../../../runs/columns/extremes.ts';
import { GrowingNumbers } from '../../../runs/columns/growing-numbers.ts';
import type { DrawnValues } from './downsample.ts';

/** Far below what can be told from 1. */
const NEGLIGIBLE = 1e-30;

/**
 * Debiased exponential moving average, value by value: `m ← w·m + (1−w)·v`, shown as `m / (1 − wⁿ)`, so that it does not start
 * near zero. The same as TensorBoard's and as Adam's first moment (Kingma & Ba 2015, algorithm 1). A value that is not finite
 * stays what it is and leaves the average alone. Averages are not kept but computed again from where each block of values begins.
 */
export class MovingAverage implements DrawnValues {
  readonly weight: number;
  readonly #source: Column;
  /** Mean and decay (`weight` to the power of the number of finite values) before each block. */
  readonly #states = new GrowingNumbers();
  readonly #extremes = new Extremes();
  #length = 0;
  #mean = 0;
  #decay = 1;
  /** The block that was computed last, as far as it was. */
  #computed: { block: number; values: Float64Array } | undefined;

  /** @param weight of the past, from 0 to below 1 */
  constructor(weight: number, source: Column) {
    if (!(weight >= 0 && weight < 1))
      throw new RangeError(`The smoothing weight is ${weight}, and must be from 0 to below 1.`);
    this.weight = weight;
    this.#source = source;
  }

  /** Takes in what its source holds beyond what was seen. */
  extend(): void {
    const room = new Float64Array(BLOCK);
    while (this.#length < this.#source.length) {
      if (this.#length % BLOCK === 0) {
        this.#states.push(this.#mean);
        this.#states.push(this.#decay);
      }
      const upTo = (Math.floor(this.#length / BLOCK) + 1) * BLOCK;
      const values = this.#source.slice(this.#length, upTo, room);
      [this.#mean, this.#decay] = this.#average(values, this.#mean, this.#decay);
      this.#extremes.pushAll(values);
      this.#length += values.length;
    }
  }

  /** The averages from `start` to before `end`, `[end - start]`. */
  slice(start: number, end: number): Float64Array {
    const values = new Float64Array(Math.max(0, Math.min(end, this.#length) - start));
    for (let from = start; from < start + values.length;) {
      const block = Math.floor(from / BLOCK);
      const upTo = Math.min(start + values.length, (block + 1) * BLOCK);
      values.set(
        this.#block(block, upTo - block * BLOCK).subarray(from - block * BLOCK, upTo - block * BLOCK),
        from - start,
      );
      from = upTo;
    }
    return values;
  }

  extremes(from: number, to: number) {
    return this.#extremes.within(from, to, (start, end) => this.slice(start, end));
  }

  #block(block: number, length: number): Float64Array {
    if (this.#computed?.block === block && this.#computed.values.length >= length)
      return this.#computed.values;
    const values = this.#source.slice(block * BLOCK, Math.min(this.#length, (block + 1) * BLOCK));
    this.#average(values, this.#states.at(2 * block), this.#states.at(2 * block + 1));
    this.#computed = { block, values };
    return values;
  }

  /** Puts averages in place of values, and gives mean and decay behind them. */
  #average(values: Float64Array, mean: number, decay: number): [mean: number, decay: number] {
    const { weight } = this;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? NaN;
      if (!Number.isFinite(value)) continue;
      mean = weight * mean + (1 - weight) * value;
      // Beside 1 so little is nothing, and denormal numbers would make every step ten times slower.
      decay = decay < NEGLIGIBLE ? 0 : decay * weight;
      values[i] = mean / (1 - decay);
    }
    return [mean, decay];
  }
}
