import assert from 'node:assert/strict';
import { alignSeries, valueNear } from './align.ts';

const points = (values: Record<number, number>) => ({
  x: Float64Array.from(Object.keys(values), Number),
  y: Float64Array.from(Object.values(values)),
});

describe('metrics: aligning series', () => {
  it('puts all steps on one axis; a step that a series lacks does not cut its line', () => {
    const [steps, a, b] = alignSeries([points({ 1: 10, 3: 30 }), points({ 2: 5, 3: 6, 9: 7 })], false);
    assert.deepEqual(steps, [1, 2, 3, 9]);
    assert.deepEqual(a, [10, undefined, 30, undefined]);
    assert.deepEqual(b, [undefined, 5, 6, 7]);
  });

  it('makes a gap where a value is not finite', () => {
    assert.deepEqual(alignSeries([points({ 1: 1, 2: NaN, 3: Infinity, 4: 4 })], false)[1], [
      1,
      null,
      null,
      4,
    ]);
  });

  it('makes gaps of what a logarithmic axis cannot show', () => {
    assert.deepEqual(alignSeries([points({ 1: 0, 2: -1, 3: 2 })], true)[1], [null, null, 2]);
  });

  it('takes no series', () => assert.deepEqual(alignSeries([], false), [[]]));
});

describe('metrics: the value near a step', () => {
  const series = points({ 10: 1, 20: 2, 40: 4 });
  const cases: [number, number | undefined][] = [
    [10, 1],
    [14, 1],
    [15, 1],
    [16, 2],
    [29, 2],
    [31, 4],
    [40, 4],
    [9, undefined],
    [41, undefined],
  ];
  for (const [step, value] of cases)
    it(`at ${step} is ${value}`, () => assert.equal(valueNear(series, step)?.value, value));
});
