import assert from 'node:assert/strict';
import { formatAge, formatBytes, formatDuration, formatMetric, formatNumber } from './format.ts';

describe('format', () => {
  it('writes durations with two units at most', () => {
    const cases: [number, string][] = [
      [0, '0 s'],
      [59.4, '59 s'],
      [59.6, '1 min'],
      [200, '3 min 20 s'],
      [600, '10 min'],
      [1259, '20 min'],
      [3600, '1 h'],
      [7500, '2 h 5 min'],
      [273_600, '3 d 4 h'],
      [Infinity, 'unknown'],
    ];
    for (const [seconds, text] of cases) assert.equal(formatDuration(seconds), text);
  });

  it('writes numbers with significant digits and never rounds a small one to nothing', () => {
    const cases: [number, string][] = [
      [0.43123, '0.4312'],
      [2, '2'],
      [2.5, '2.5'],
      [1234.4, '1,234'],
      [100, '100'],
      [4.8e-4, '4.8e-4'],
      [5e-5, '5e-5'],
      [1.23456e12, '1.235e12'],
      [-0.02, '-0.02'],
      [NaN, 'NaN'],
      [-Infinity, '-Infinity'],
    ];
    for (const [value, text] of cases) assert.equal(formatNumber(value), text);
  });

  it('writes shares as percentages', () => {
    assert.equal(formatMetric('eval_accuracy', 0.9314), '93.1 %');
    assert.equal(formatMetric('eval_macro_f1', NaN), 'NaN');
    assert.equal(formatMetric('eval_loss', 0.25), '0.25');
  });

  it('writes ages', () => {
    assert.equal(formatAge(20_000), 'just now');
    assert.equal(formatAge(3 * 3_600_000), '3 h ago');
    assert.equal(formatAge(50 * 3_600_000), '2 d ago');
  });
});

describe('formatBytes', () => {
  it('takes the unit in which there are a few', () => {
    assert.deepEqual([0, 812, 35_840, 361_129_574, 2 ** 31].map(formatBytes), [
      '0 B',
      '812 B',
      '35 KiB',
      '344.4 MiB',
      '2.0 GiB',
    ]);
  });
});
