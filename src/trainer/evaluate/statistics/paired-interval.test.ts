import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assertClose, readFixture } from '../testing/fixture.ts';
import { criticalValue } from './normal.ts';
import { pairedDifferenceInterval } from './paired-interval.ts';

const { intervals } = readFixture<{
  intervals: { onlyA: number; onlyB: number; n: number; confidence: number; ci: [number, number] }[];
}>('pairs');
const tables = fc.tuple(fc.nat(200), fc.nat(200), fc.nat(500)).filter(([a, b, same]) => a + b + same > 0);

describe('pairedDifferenceInterval', () => {
  for (const { onlyA, onlyB, n, confidence, ci } of intervals) {
    it(`of ${onlyA} and ${onlyB} in ${n} at ${confidence} is the one of the numerical maximum likelihood`, () => {
      // The reference finds the most likely table and the limits by root finding, to 1e-9 where it starts at an edge.
      const [low, high] = pairedDifferenceInterval(onlyA, onlyB, n, confidence);
      assertClose(low, ci[0], 2e-8);
      assertClose(high, ci[1], 2e-8);
    });
  }

  it('ends at roots of the quartic that others solve in closed form', () => {
    // Z. Yang, X. Sun, J. W. Hardin, "A non-iterative implementation of Tango's score confidence interval for a
    // paired difference of proportions", Statistics in Medicine 32 (2013).
    const quartic = (a: number, b: number, n: number) => {
      const g = criticalValue(0.95) ** 2;
      const d = b - a;
      const [m0, m1, m2, m3, m4] = [
        n ** 2 * (n / g + 1) ** 2,
        -n * d * (n / g + 1) * ((4 * n) / g + 1),
        (2 * n * d ** 2 * ((3 * n) / g + 2)) / g - n ** 2 * ((a + b) / g + 1),
        n * d * ((2 * (a + b)) / g + 1) - (d ** 3 * ((4 * n) / g + 1)) / g,
        (d ** 2 * (d ** 2 / g - (a + b))) / g,
      ] as const;
      return (x: number) => (((m0 * x + m1) * x + m2) * x + m3) * x + m4;
    };
    fc.assert(
      fc.property(tables, ([a, b, same]) => {
        const n = a + b + same;
        if (a === n || b === n) return;
        const value = quartic(a, b, n);
        // Outside of the interval the quartic is positive, inside negative: a sign change within 1e-7 is a root.
        // Nearer than that the quartic's own rounding decides its sign.
        const [low, high] = pairedDifferenceInterval(a, b, n);
        assert.ok(value(low - 1e-7) > 0 && value(low + 1e-7) < 0, `low ${low}`);
        assert.ok(value(high + 1e-7) > 0 && value(high - 1e-7) < 0, `high ${high}`);
      }),
    );
  });

  it('contains the difference, lies in [-1, 1], and turns around with the candidates', () => {
    fc.assert(
      fc.property(tables, ([a, b, same]) => {
        const n = a + b + same;
        const [low, high] = pairedDifferenceInterval(a, b, n);
        const difference = (b - a) / n;
        assert.ok(-1 <= low && low <= difference && difference <= high && high <= 1);
        const [turnedLow, turnedHigh] = pairedDifferenceInterval(b, a, n);
        assertClose(turnedLow, -high, 1e-9);
        assertClose(turnedHigh, -low, 1e-9);
      }),
    );
  });

  it('is wider at a higher confidence', () => {
    fc.assert(
      fc.property(tables, ([a, b, same]) => {
        const [low, high] = pairedDifferenceInterval(a, b, a + b + same, 0.95);
        const [wideLow, wideHigh] = pairedDifferenceInterval(a, b, a + b + same, 0.99);
        assert.ok(wideLow <= low && high <= wideHigh);
      }),
    );
  });

  it('leaves room on both sides of one example only', () => {
    const [low, high] = pairedDifferenceInterval(0, 0, 1);
    assert.ok(low < -0.5 && high > 0.5);
  });

  it('refuses what is no table of pairs', () => {
    for (const [a, b, n] of [
      [0, 0, 0],
      [-1, 0, 5],
      [3, 3, 5],
    ] as const)
      assert.throws(() => pairedDifferenceInterval(a, b, n), RangeError);
  });
});
