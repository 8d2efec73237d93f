import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NumberScanner } from './scan-number.ts';

/** What the scanner makes of a text that stands before something else, and whether it read all of it. */
function scan(text: string): { value: number; isWhole: boolean } {
  const scanner = new NumberScanner(Buffer.from(`[${text},1`));
  const value = scanner.next(1);
  return { value, isWhole: scanner.at === 1 + text.length };
}

function assertSame(text: string): void {
  assert.equal(typeof JSON.parse(text), 'number');
  assert.deepEqual(scan(text), { value: Number(text), isWhole: true }, text);
}

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most });

describe('runs: scanned numbers', () => {
  it('are those of JSON.parse, for every number as it is written', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
        assertSame(JSON.stringify(value)),
      ),
      { numRuns: 20_000 },
    );
    fc.assert(
      fc.property(fc.double({ min: -1e7, max: 1e7, noNaN: true }), (value) =>
        assertSame(JSON.stringify(value)),
      ),
      { numRuns: 20_000 },
    );
  });

  it('are those of JSON.parse with any digits, points and exponents', () => {
    const exponent = fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?[0-3]?[0-9]{1,2}$/));
    fc.assert(
      fc.property(fc.boolean(), digits(1, 24), digits(0, 24), exponent, (isNegative, whole, fraction, e) =>
        assertSame(
          `${isNegative ? '-' : ''}${whole.replace(/^0+(?=\d)/, '')}${fraction && `.${fraction}`}${e}`,
        ),
      ),
      { numRuns: 20_000 },
    );
  });

  it('are rounded to even half-way between two, and right beside that', () => {
    for (let even = 2 ** 53; even < 2 ** 53 + 2000; even += 2)
      for (const below of [1n, 3n]) {
        const half = String(BigInt(even) + below);
        for (const text of [half, `${half}.0`, `${half.slice(0, 4)}.${half.slice(4)}`, `${half}.00001`])
          assertSame(text);
      }
  });

  it('are none where JSON has none', () => {
    for (const text of [
      '',
      '-',
      '.5',
      '5.',
      '01',
      '-01',
      '00',
      '1.e5',
      '1e',
      '1e+',
      '+1',
      'NaN',
      '"1"',
      '--1',
    ])
      assert.ok(Number.isNaN(scan(text).value), text);
    for (const text of ['0', '-0', '0.5', '0e0', '10', '1e400', '1e-400', '-0.0']) assertSame(text);
  });

  it('end where no digit follows', () => {
    for (const text of ['1.2.3', '1-2', '0x1', '1e5e5', '1 2']) {
      const { value, isWhole } = scan(text);
      assert.ok(!isWhole && !Number.isNaN(value), text);
    }
  });
});
