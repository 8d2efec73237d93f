import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assertClose, readFixture } from '../testing/fixture.ts';
import { mcnemarExact } from './mcnemar.ts';
import { smallestAccuracyDifference } from './smallest-difference.ts';

const { smallest } = readFixture<{
  smallest: { differing: number; n: number; alpha: number; difference: number | null }[];
}>('pairs');

describe('smallestAccuracyDifference', () => {
  for (const { differing, n, alpha, difference } of smallest) {
    it(`with ${differing} of ${n} differing at ${alpha.toFixed(4)} is that of trying every split`, () => {
      const ours = smallestAccuracyDifference(differing, n, alpha);
      if (difference === null || ours === null) assert.equal(ours, difference);
      else assertClose(ours, difference, 1e-12);
    });
  }

  it('is significant itself, and one example less would not be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 400 }), fc.nat(600), (differing, same) => {
        const n = differing + same;
        const ahead = Math.round(smallestAccuracyDifference(differing, n)! * n);
        const fewer = (differing - ahead) / 2;
        assert.ok(Number.isInteger(fewer));
        assert.ok(mcnemarExact(fewer, differing - fewer) <= 0.05);
        // With an even split there is nothing less; an odd number of disagreements cannot be split evenly.
        if (ahead >= 2) assert.ok(mcnemarExact(fewer + 1, differing - fewer - 1) > 0.05);
      }),
    );
  });
});
