import assert from 'node:assert/strict';
import { moveBy, stretchAround } from './stretch.ts';

function near(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => {
    const wanted = expected[i] ?? NaN;
    assert.ok(Math.abs(value - wanted) <= 1e-9 * Math.abs(wanted), `${value} is not ${wanted}`);
  });
}

describe('metrics: ways along an axis', () => {
  it('half of what is seen around a place', () => {
    near(stretchAround(40, 0.5, { range: [0, 100], isLog: false }), [15, 65]);
    near(stretchAround(100, 0.5, { range: [1, 10_000], isLog: true }), [10, 1000]);
  });

  it('twice of what is seen around a place', () => {
    near(stretchAround(50, 2, { range: [25, 75], isLog: false }), [0, 100]);
    near(stretchAround(100, 2, { range: [10, 1000], isLog: true }), [1, 10_000]);
  });

  it('a tenth on and back, by difference or by factor', () => {
    near([moveBy(50, 0.1, { range: [0, 200], isLog: false })], [70]);
    near([moveBy(10, 0.25, { range: [1, 10_000], isLog: true })], [100]);
    near([moveBy(100, -0.25, { range: [1, 10_000], isLog: true })], [10]);
  });
});
