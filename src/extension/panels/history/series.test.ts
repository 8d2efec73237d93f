import assert from 'node:assert/strict';
import { Series } from './series.ts';

const EVERYTHING = { smoothing: 0, buckets: 100 };

function seriesOf(values: Record<number, number>): Series {
  const series = new Series();
  for (const [step, value] of Object.entries(values)) series.set(Number(step), value);
  return series;
}

describe('panels: series', () => {
  it('tells first, last, smallest and largest with their steps', () => {
    const facts = seriesOf({ 1: 3, 2: 0.5, 3: 4, 7: 2 }).facts([]);
    assert.deepEqual(
      [facts.count, facts.first, facts.min, facts.max, facts.last],
      [4, { step: 1, value: 3 }, { step: 2, value: 0.5 }, { step: 3, value: 4 }, { step: 7, value: 2 }],
    );
  });

  it('tells where values were not finite, stretch by stretch', () => {
    const { nonFinite, last, max } = seriesOf({ 1: 1, 2: NaN, 3: Infinity, 4: 2, 5: -Infinity }).facts([]);
    assert.deepEqual(nonFinite, [
      { from: 2, to: 3, count: 2, kinds: ['NaN', 'Infinity'] },
      { from: 5, to: 5, count: 1, kinds: ['-Infinity'] },
    ]);
    assert.deepEqual(last, { step: 5, value: '-Infinity' });
    assert.deepEqual(max, { step: 4, value: 2 });
  });

  it('tells at most a hundred stretches and loses no count', () => {
    const series = new Series();
    for (let step = 1; step <= 1000; step++) series.set(step, step % 2 ? NaN : 1);
    const { nonFinite } = series.facts([]);
    assert.equal(nonFinite.length, 100);
    assert.equal(
      nonFinite.reduce((sum, span) => sum + span.count, 0),
      500,
    );
    assert.equal(nonFinite[99]?.to, 999);
  });

  it('a step that comes again takes back what came after it', () => {
    const series = seriesOf({ 1: 5, 2: 9, 3: NaN, 4: 7 });
    series.set(2, 4);
    const facts = series.facts([1]);
    assert.deepEqual([facts.count, facts.max?.value, facts.min?.value], [2, 5, 4]);
    assert.deepEqual([facts.nonFinite, facts.resumedAt], [[], [1]]);
    assert.equal(series.at(3), undefined);
    assert.deepEqual(series.draw({ ...EVERYTHING, smoothing: 0.5 }).smoothed?.x, Float64Array.of(1, 2));
  });

  it('smooths before it reduces, and only the line that is smoothed', () => {
    const series = new Series();
    for (let step = 1; step <= 5000; step++) series.set(step, step % 2);
    const { points, smoothed } = series.draw({ smoothing: 0.95, buckets: 50 });
    assert.equal(Math.max(...points.y), 1);
    assert.equal(Math.min(...points.y), 0);
    const settled = (smoothed?.y ?? new Float64Array()).slice(-20);
    assert.ok(settled.length === 20 && settled.every((value) => Math.abs(value - 0.5) < 0.05));
  });

  it('draws the range that is zoomed to, with a point beyond each end', () => {
    const series = new Series();
    for (let step = 10; step <= 1000; step += 10) series.set(step, step);
    const { points } = series.draw({ ...EVERYTHING, range: [95, 142] });
    assert.deepEqual([...points.x], [90, 100, 110, 120, 130, 140, 150, 160]);
    assert.deepEqual([...series.draw({ ...EVERYTHING, range: [2000, 3000] }).points.x], [1000]);
  });
});
