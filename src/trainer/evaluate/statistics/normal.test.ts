import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assertClose, assertNear, readFixture } from '../testing/fixture.ts';
import { criticalValue, normalCdf, normalQuantile } from './normal.ts';

const { normal_cdf, normal_quantile } = readFixture<{
  normal_cdf: [x: number, p: number][];
  normal_quantile: [p: number, x: number][];
}>('distributions');

describe('the normal distribution', () => {
  // A double has 16 digits; the continued fraction and the series lose two of them at most.
  for (const [x, p] of normal_cdf) {
    it(`has scipy's probability below ${x}`, () => {
      // scipy calls what lies 38 standard deviations out 0 (it is 2.9e-316, a denormal); ours may not.
      if (p === 0) assert.ok(normalCdf(x) < 1e-300);
      else assertNear(normalCdf(x), p, 1e-13);
    });
  }

  for (const [p, x] of normal_quantile) {
    it(`has scipy's quantile at ${p}`, () => {
      // Close to 1 the probability itself has few digits left: 1 - 1e-9 is known to 1e-16 / 1e-9 only.
      if (x === 0) assertClose(normalQuantile(p), 0, 1e-16);
      else assertNear(normalQuantile(p), x, p > 0.99 ? 1e-9 : 1e-12);
    });
  }

  it('is defined at its ends and refuses what is no probability', () => {
    assert.equal(normalQuantile(0), -Infinity);
    assert.equal(normalQuantile(1), Infinity);
    assert.equal(normalCdf(-Infinity), 0);
    assert.equal(normalCdf(Infinity), 1);
    assert.ok(Number.isNaN(normalCdf(NaN)));
    for (const p of [-0.1, 1.1, NaN]) assert.throws(() => normalQuantile(p), RangeError);
  });

  it('has 1.96 as the critical value of 95 %', () => {
    assertNear(criticalValue(0.95), 1.959963984540054, 1e-14);
  });

  it('goes back and forth: cdf(quantile(p)) = p', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1, noNaN: true, maxExcluded: true }), (p) => {
        assertNear(normalCdf(normalQuantile(p)), p, 1e-11);
      }),
    );
  });
});
