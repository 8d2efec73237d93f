import assert from 'node:assert/strict';
import { MovingAverage } from './smooth.ts';

function smooth(weight: number, ...values: number[]): number[] {
  const average = new MovingAverage(weight);
  average.extend(Float64Array.from(values));
  return [...average.values.view];
}

describe('panels: moving average', () => {
  it('is the weighted mean of all values so far, newest heaviest', () => {
    const values = [3, -1, 4, 1, 5, 9, 2, 6];
    const averages = smooth(0.7, ...values);
    values.forEach((_, n) => {
      const weights = values.slice(0, n + 1).map((_, i) => 0.7 ** (n - i));
      const sum = weights.reduce((total, weight, i) => total + weight * (values[i] ?? NaN), 0);
      const expected = sum / weights.reduce((total, weight) => total + weight, 0);
      assert.ok(Math.abs((averages[n] ?? NaN) - expected) < 1e-12);
    });
  });

  it('starts at the first value, not near zero', () =>
    assert.equal(smooth(0.99, 10)[0]?.toFixed(9), '10.000000000'));

  it('leaves the values alone without a weight', () => assert.deepEqual(smooth(0, 1, 2, 3), [1, 2, 3]));

  it('keeps NaN and infinity where they were and goes on behind them', () => {
    const [first, nan, infinite, last] = smooth(0.5, 2, NaN, Infinity, 2);
    assert.equal(first, 2);
    assert.ok(Number.isNaN(nan));
    assert.equal(infinite, Infinity);
    assert.equal(last, 2);
  });

  it('gives the same in whatever pieces the values come', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    const pieces = new MovingAverage(0.9);
    for (const end of [1, 2, 500, 1000]) pieces.extend(values.subarray(0, end));
    assert.deepEqual(pieces.values.view, Float64Array.from(smooth(0.9, ...values)));
  });

  it('refuses a weight that would never move', () => assert.throws(() => new MovingAverage(1), RangeError));
});
