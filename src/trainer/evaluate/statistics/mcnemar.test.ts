import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assertNear, readFixture } from '../testing/fixture.ts';
import { mcnemarExact } from './mcnemar.ts';
import { pairedDifferenceInterval } from './paired-interval.ts';

const { mcnemar } = readFixture<{ mcnemar: { onlyA: number; onlyB: number; p: number }[] }>('pairs');
const count = fc.nat(300);

describe('mcnemarExact', () => {
  for (const { onlyA, onlyB, p } of mcnemar) {
    it(`of ${onlyA} against ${onlyB} is statsmodels'`, () => {
      // 1e-72 too is a sum of binomial weights; a few hundred of them lose three digits at most.
      assertNear(mcnemarExact(onlyA, onlyB), p, 1e-11);
    });
  }

  it('takes no side, and is a probability above 0', () => {
    fc.assert(
      fc.property(count, count, (a, b) => {
        const p = mcnemarExact(a, b);
        assert.equal(p, mcnemarExact(b, a));
        assert.ok(p > 0 && p <= 1);
      }),
    );
  });

  it('falls as the split of the same disagreements gets more uneven', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 150 }), fc.nat(150), (few, more) => {
        const total = 2 * few + more;
        if (few > 0) assert.ok(mcnemarExact(few - 1, total - few + 1) <= mcnemarExact(few, total - few));
      }),
    );
  });

  it('calls nothing significant whose interval of the difference includes 0', () => {
    fc.assert(
      fc.property(count, count, count, (a, b, same) => {
        if (mcnemarExact(a, b) > 0.05) return;
        const [low, high] = pairedDifferenceInterval(a, b, a + b + same);
        assert.ok(a > b ? high < 0 : low > 0);
      }),
      { numRuns: 500 },
    );
  });
});
