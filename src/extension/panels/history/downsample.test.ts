import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BlockStore } from '../../../runs/columns/block-store.ts';
import { columnOf } from '../../../runs/columns/column.ts';
import { Extremes } from '../../../runs/columns/extremes.ts';
import { downsample, type Slice } from './downsample.ts';

function draw(x: Float64Array, y: Float64Array, slice: Slice) {
  const [places, values, extremes] = [
    columnOf(new BlockStore(), x),
    columnOf(new BlockStore(), y),
    new Extremes(),
  ];
  for (const value of y) extremes.push(value);
  const read = (from: number, to: number) => values.slice(from, to);
  const drawn = { slice: read, extremes: (from: number, to: number) => extremes.within(from, to, read) };
  return downsample(places, drawn, slice);
}

const steps = (n: number) => Float64Array.from({ length: n }, (_, i) => i + 1);

function reduce(y: Float64Array, buckets: number, start = 0, end = y.length) {
  return draw(steps(y.length), y, { start, end, buckets });
}

describe('panels: downsample', () => {
  it('leaves a series alone that fits', () => {
    const y = Float64Array.of(3, NaN, 1, 2);
    assert.deepEqual(reduce(y, 2), { x: steps(4), y });
  });

  it('keeps one spike among a million values, at its step', () => {
    const y = new Float64Array(1_000_000).fill(0.5);
    y[734_217] = 80;
    const { x, y: kept } = reduce(y, 800);
    assert.ok(x.length <= 1602);
    assert.equal(x[kept.indexOf(80)], 734_218);
  });

  it('has the extremes and both ends of any series, in order, within its buckets', () => {
    const value = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 3, maxLength: 400 }),
        fc.integer({ min: 2, max: 60 }),
        (values, buckets) => {
          const y = Float64Array.from(values);
          const { x, y: kept } = reduce(y, buckets);
          assert.ok(x.length <= Math.max(2 * buckets + 2, 4));
          assert.equal(Math.max(...kept), Math.max(...values));
          assert.equal(Math.min(...kept), Math.min(...values));
          assert.equal(x[0], 1);
          assert.equal(x[x.length - 1], values.length);
          x.forEach((step, i) => {
            assert.equal(y[step - 1], kept[i]);
            if (i > 0) assert.ok(step > (x[i - 1] ?? Infinity));
          });
        },
      ),
    );
  });

  it('does not move full buckets as the series grows', () => {
    const y = Float64Array.from({ length: 1500 }, (_, i) => Math.sin(i) * i);
    const [before, after] = [reduce(y, 100, 0, 1400), reduce(y, 100, 0, 1500)];
    const settled = before.x.filter((step) => step < 1380);
    assert.deepEqual(after.x.slice(0, settled.length), settled);
  });

  it('leaves a gap where a whole bucket is not finite', () => {
    const y = new Float64Array(1000).fill(1);
    y.fill(NaN, 300, 500);
    const { x, y: kept } = reduce(y, 50);
    const gaps = [...x].filter((_, i) => Number.isNaN(kept[i]));
    assert.ok(gaps.length > 0 && gaps.every((step) => step > 300 && step <= 500));
  });

  it('reduces a part without looking beyond it', () => {
    const y = Float64Array.from({ length: 1000 }, (_, i) => i);
    const { x } = reduce(y, 10, 100, 200);
    assert.equal(x[0], 101);
    assert.equal(x[x.length - 1], 200);
  });

  it('has buckets as wide as they are drawn on a logarithmic axis, and keeps a spike', () => {
    const x = Float64Array.from({ length: 100_000 }, (_, i) => i);
    const y = x.map((step) => (step === 54_321 ? 99 : step === 5 ? -7 : Math.sin(step)));
    const points = draw(x, y, { start: 0, end: x.length, buckets: 100, logX: true });
    assert.ok(points.x.length <= 2 * 100 + 6, `${points.x.length} points.`);
    for (const step of [0, 5, 54_321, 99_999])
      assert.ok(points.x.includes(step), `Step ${step} is not there.`);
    const early = points.x.filter((step) => step >= 100 && step < 1000).length;
    const late = points.x.filter((step) => step >= 10_000).length;
    assert.ok(early > 30 && late < 60, `A decade has ${early}, the last one ${late}.`);
  });
});
