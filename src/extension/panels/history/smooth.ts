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
    const { weight, values } = this;
    let [mean, decay] = [this.#mean, this.#decay];
    for (let i = values.length; i < source.length; i++) {
      const value = source[i] ?? NaN;
      if (Number.isFinite(value)) {
        mean = weight * mean + (1 - weight) * value;
        decay *= weight;
        values.push(mean / (1 - decay));
      } else values.push(value);
    }
    this.#mean = mean;
    this.#decay = decay;
  }
}
