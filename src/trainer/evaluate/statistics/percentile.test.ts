import assert from 'node:assert/strict';
import { assertClose, readFixture } from '../testing/fixture.ts';
import { quantileOfSorted, sorted } from './percentile.ts';
import { quantileWithInterval } from './quantile-interval.ts';

const { cases } = readFixture<{
  cases: { values: number[]; share: number; value: number; ci: [number | null, number | null] }[];
}>('quantiles');

describe('quantiles of measured values', () => {
  for (const { values, share, value, ci } of cases) {
    it(`the ${share} quantile of ${values.length} values and its interval are numpy's and scipy's`, () => {
      const ascending = sorted(values);
      const ours = quantileWithInterval(ascending, share);
      // Interpolation may be off by the last bit.
      assertClose(ours.value, value, 1e-12);
      // Where scipy gives no limit, because there are too few values, ours is the smallest or the largest one.
      assert.equal(ours.ci[0], ci[0] ?? ascending[0]);
      assert.equal(ours.ci[1], ci[1] ?? ascending.at(-1));
    });
  }

  it('shares outside [0, 1] are the ends', () => {
    const values = Float64Array.of(1, 2, 4);
    assert.equal(quantileOfSorted(values, -0.5), 1);
    assert.equal(quantileOfSorted(values, 2), 4);
  });

  it('sorted leaves the values alone', () => {
    const values = Float64Array.of(3, 1, 2);
    assert.deepEqual([...sorted(values)], [1, 2, 3]);
    assert.deepEqual([...values], [3, 1, 2]);
  });
});
