import assert from 'node:assert/strict';
import { BLOCK, BlockStore } from '../../../runs/columns/block-store.ts';
import { Column, columnOf } from '../../../runs/columns/column.ts';
import { MovingAverage } from './smooth.ts';

function smooth(weight: number, ...values: number[]): number[] {
  const average = new MovingAverage(weight, columnOf(new BlockStore(), values));
  average.extend();
  return [...average.slice(0, values.length)];
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
    const values = Float64Array.from({ length: 2 * BLOCK + 99 }, (_, i) => Math.sin(i));
    const source = new Column(new BlockStore());
    const pieces = new MovingAverage(0.9, source);
    for (const end of [1, 2, 500, BLOCK, BLOCK + 1, values.length]) {
      for (const value of values.subarray(source.length, end)) source.push(value);
      pieces.extend();
    }
    const whole = smooth(0.9, ...values);
    assert.deepEqual([...pieces.slice(0, values.length)], whole);
    assert.deepEqual([...pieces.slice(BLOCK - 5, BLOCK + 5)], whole.slice(BLOCK - 5, BLOCK + 5));
    const { low, min } = pieces.extremes(3, values.length - 3);
    assert.equal(min, Math.min(...whole.slice(3, -3)));
    assert.equal(whole[low], min);
  });

  it('refuses a weight that would never move', () =>
    assert.throws(() => new MovingAverage(1, new Column(new BlockStore())), RangeError));
});
