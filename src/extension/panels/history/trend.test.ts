import assert from 'node:assert/strict';
import { findTrend, momentsOf, trendStart } from './trend.ts';

function trendOf(count: number, at: (i: number) => number) {
  const x = Float64Array.from({ length: count }, (_, i) => i + 1);
  const y = x.map((_, i) => at(i));
  const finite = y.filter(Number.isFinite);
  const start = trendStart(count);
  // In two parts, as blocks of a long series are.
  const middle = Math.ceil((start + count) / 2);
  const parts = [
    momentsOf(x.slice(start, middle), y.slice(start, middle)),
    momentsOf(x.slice(middle), y.slice(middle)),
  ];
  return findTrend(parts, Math.max(...finite) - Math.min(...finite));
}

/** The same on every machine, and without a trend. */
const noise = (i: number) => Math.sin(i * 12.9898) * 0.5;

describe('panels: trend', () => {
  it('sees a curve that falls under noise', () =>
    assert.equal(
      trendOf(400, (i) => 4 - i / 100 + noise(i)),
      'falling',
    ));
  it('sees one that rises', () =>
    assert.equal(
      trendOf(400, (i) => i / 100 + noise(i)),
      'rising',
    ));
  it('takes noise for level', () => assert.equal(trendOf(400, noise), 'level'));
  it('takes a constant for level', () =>
    assert.equal(
      trendOf(40, () => 2),
      'level',
    ));
  it('goes by the recent past: a curve that has flattened is level', () =>
    assert.equal(
      trendOf(1000, (i) => 5 * Math.exp(-i / 60)),
      'level',
    ));
  it('sees a straight line without noise', () =>
    assert.equal(
      trendOf(40, (i) => 1 - i / 40),
      'falling',
    ));
  it('looks past NaN', () =>
    assert.equal(
      trendOf(200, (i) => (i % 3 ? NaN : -i)),
      'falling',
    ));
  it('says nothing about a handful of values', () =>
    assert.equal(
      trendOf(9, (i) => i),
      undefined,
    ));
  it('says nothing where all is NaN', () =>
    assert.equal(findTrend([momentsOf(new Float64Array(50), new Float64Array(50).fill(NaN))], 0), undefined));
});
