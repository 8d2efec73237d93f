import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assertClose, assertNear, readFixture } from '../testing/fixture.ts';
import { binomialCdf } from './binomial.ts';

const { binomial_cdf } = readFixture<{ binomial_cdf: [k: number, n: number, p: number, cdf: number][] }>(
  'distributions',
);

describe('binomialCdf', () => {
  for (const [k, n, p, cdf] of binomial_cdf) {
    it(`P(X <= ${k}) of ${n} trials at ${p} is scipy's`, () => {
      // With a million trials some thousand weights are multiplied up, each with an error of 1e-16.
      assertNear(binomialCdf(k, n, p), cdf, n > 1000 ? 1e-10 : 1e-12);
    });
  }

  it('counts on both sides: P(X <= k) at p and P(X <= n - k - 1) at 1 - p make 1', () => {
    const trials = fc.nat(400).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(trials, fc.double({ min: 0.001, max: 0.999, noNaN: true }), ([k, n], p) => {
        assertClose(binomialCdf(k, n, p) + binomialCdf(n - k - 1, n, 1 - p), 1, 1e-12);
      }),
    );
  });

  it('is 0 below no success and 1 at all of them', () => {
    assert.equal(binomialCdf(-1, 5, 0.3), 0);
    assert.equal(binomialCdf(5, 5, 0.3), 1);
    assert.equal(binomialCdf(0, 0, 0.3), 1);
  });
});
