import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assertClose, readFixture } from '../testing/fixture.ts';
import { wilsonInterval } from './wilson.ts';

const { wilson } = readFixture<{
  wilson: { k: number; n: number; confidence: number; ci: [number, number] }[];
}>('proportions');

const proportions = fc
  .integer({ min: 1, max: 5000 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

describe('wilsonInterval', () => {
  for (const { k, n, confidence, ci } of wilson) {
    it(`of ${k} in ${n} at ${confidence} is statsmodels'`, () => {
      // Closed form on both sides: only rounding differs.
      const [low, high] = wilsonInterval(k, n, confidence);
      assertClose(low, ci[0], 1e-14);
      assertClose(high, ci[1], 1e-14);
    });
  }

  it('contains the share, lies in [0, 1], and is the mirror image for the failures', () => {
    fc.assert(
      fc.property(proportions, ([k, n]) => {
        const [low, high] = wilsonInterval(k, n);
        assert.ok(0 <= low && low <= k / n && k / n <= high && high <= 1);
        const [mirroredLow, mirroredHigh] = wilsonInterval(n - k, n);
        assertClose(mirroredLow, 1 - high, 1e-12);
        assertClose(mirroredHigh, 1 - low, 1e-12);
      }),
    );
  });

  it('refuses what is no proportion', () => {
    for (const [k, n] of [
      [0, 0],
      [-1, 5],
      [6, 5],
    ] as const)
      assert.throws(() => wilsonInterval(k, n), RangeError);
  });
});
