import { GrowingNumbers } from './numbers.ts';

/**
 * Debiased exponential moving average, value by value: `m ← w·m + (1−w)·v`, shown as `m / (1 − wⁿ)`, so that it does not start
 * near zero. The same as TensorBoard's and as Adam's first moment (Kingma & Ba 2015, algorithm 1). A value that is not finite
 * stays what it is and leaves the average alone.
 */
export class MovingAverage {
  /** The averages so far, one a value. */
  readonly values = new GrowingNumbers();
  readonly weight: number;
  #mean = 0;
  /** `weight` to the power of the number of finite values. */
  #decay = 1;

  /** @param weight of the past, from 0 to below 1 */
  constructor(weight: number) {
    if (!(weight >= 0 && weight < 1))
      throw new RangeError(`The smoothing weight is ${weight}, and must be from 0 to below 1.`);
    this.weight = weight;
  }

  /** Takes in what `source` holds beyond what was seen. */
  extend(source: Float64Array): void {
    for (let i = this.values.length; i < source.length; i++) this.#push(source[i] ?? NaN);
  }

  #push(value: number): void {
    if (!Number.isFinite(value)) return this.values.push(value);
    this.#mean = this.weight * this.#mean + (1 - this.weight) * value;
    this.#decay *= this.weight;
    this.values.push(this.#mean / (1 - this.#decay));
  }
}
