import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assertClose, readFixture } from '../testing/fixture.ts';
import { holm } from './holm.ts';

const fixture = readFixture<{ holm: { p: number[]; adjusted: number[] }[] }>('proportions');
const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe('holm', () => {
  for (const { p, adjusted } of fixture.holm) {
    it(`of [${p.join(', ')}] is statsmodels'`, () => {
      const ours = holm(p);
      assert.equal(ours.length, adjusted.length);
      // A product and a maximum: at most the last bit differs.
      adjusted.forEach((value, i) => assertClose(ours[i]!, value, 1e-15));
    });
  }

  it('never lowers a p, never exceeds 1, and keeps the order', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        const adjusted = holm(p);
        p.forEach((value, i) => {
          assert.ok(adjusted[i]! >= value && adjusted[i]! <= 1);
          p.forEach((other, j) => value <= other && assert.ok(adjusted[i]! <= adjusted[j]!));
        });
      }),
    );
  });

  it('lies between no correction and that of Bonferroni', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        holm(p).forEach((value, i) => assert.ok(value <= Math.min(1, p[i]! * p.length)));
      }),
    );
  });

  it('does not depend on the order of the tests', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        assert.deepEqual(holm(p.toReversed()).toReversed(), holm(p));
      }),
    );
  });

  it('leaves a single p alone', () => {
    assert.deepEqual(holm([0.04]), [0.04]);
  });
});
