import assert from 'node:assert/strict';
import { assertClose, assertNear, readFixture } from '../testing/fixture.ts';
import { spreadOf } from './spread.ts';
import { studentCdf, studentQuantile } from './student-t.ts';

interface Fixture {
  t_quantiles: [p: number, df: number, x: number][];
  spreads: { values: number[]; mean: number; sd: number; ci: [number, number] | null }[];
}

const { t_quantiles, spreads } = readFixture<Fixture>('repeats');

describe("Student's t", () => {
  it("has scipy's quantiles", () => {
    for (const [p, df, x] of t_quantiles) {
      assertClose(studentQuantile(p, df), x, 1e-10 * Math.max(1, x), `p ${p}, df ${df}`);
      assertClose(studentCdf(x, df), p, 1e-12);
    }
  });

  it('refuses what is no probability or no degree of freedom', () => {
    assert.throws(() => studentQuantile(1, 3), RangeError);
    assert.throws(() => studentQuantile(0.5, 0), RangeError);
  });
});

describe('the spread of repeats', () => {
  for (const { values, mean, sd, ci } of spreads) {
    it(`of ${values.join(', ')} is numpy's and scipy's`, () => {
      const spread = spreadOf(values);
      assertNear(spread.mean, mean, 1e-14);
      assertClose(spread.sd ?? NaN, sd, 1e-12 * Math.max(1, sd));
      assert.deepEqual([spread.min, spread.max], [Math.min(...values), Math.max(...values)]);
      const [low, high] = spread.ci ?? [NaN, NaN];
      assertClose(low, ci?.[0] ?? mean, 1e-9 * Math.max(1, sd));
      assertClose(high, ci?.[1] ?? mean, 1e-9 * Math.max(1, sd));
    });
  }

  it('of one has neither deviation nor interval, and of none there is none', () => {
    assert.deepEqual(spreadOf([0.5]), { n: 1, mean: 0.5, min: 0.5, max: 0.5 });
    assert.throws(() => spreadOf([]), RangeError);
  });
});
