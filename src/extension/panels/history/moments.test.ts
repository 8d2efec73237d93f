import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Moments } from './moments.ts';

describe('moments of events', () => {
  it('are those of Date.parse, in whatever order they come', () => {
    const regular = fc.integer({ min: 0, max: 4e12 }).map((ms) => new Date(ms).toISOString());
    const near = fc.integer({ min: 0, max: 200_000 }).map((ms) => new Date(1.8e12 + ms).toISOString());
    const odd = fc.constantFrom(
      '',
      'yesterday',
      '2026-01-01',
      '2026-01-01T00:00:61.000Z',
      '2026-01-01T00:00:01.0x0Z',
      '2026-01-01T00:00:01,000Z',
      '2026-01-01T00:00:01.000z',
      '2026-01-01T24:00:00.000Z',
      '2026-01-01T24:00:01.000Z',
      '2026-13-01T00:00:00.000Z',
      '2026-01-01T00:00:01.000+01:00',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(regular, near, odd), { maxLength: 20 }), (times) => {
        const moments = new Moments();
        assert.deepEqual(
          times.map((time) => moments.of(time)),
          times.map((time) => Date.parse(time)),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('are not mixed up where odd seconds follow a regular time of the same minute', () => {
    const times = ['00.000', '61.000', '60.000', '0x.000', '59.0x0', '59.999', '1'].map(
      (seconds) => `2026-01-01T00:00:${seconds}Z`,
    );
    const moments = new Moments();
    assert.deepEqual(
      times.map((time) => moments.of(time)),
      times.map((time) => Date.parse(time)),
    );
  });
});
