import assert from 'node:assert/strict';
import { findBulk } from './outliers.ts';

function points(y: readonly number[]) {
  return { x: Float64Array.from(y, (_, i) => i), y: Float64Array.from(y) };
}

describe('metrics: outliers', () => {
  const bulk = Array.from({ length: 200 }, (_, i) => i / 200);

  it('are what lies far beyond the first and the last percent; they are counted', () => {
    const found = findBulk([points([...bulk, 50]), points([...bulk, NaN, -9])]);
    assert.equal(found?.beyond, 2);
    assert.equal(found?.count, 402);
    assert.ok(found && found.range[0] > -1 && found.range[1] < 2);
  });

  it('are none where the values are few, all alike, or all in the bulk', () => {
    assert.equal(findBulk([points(bulk)]), undefined);
    assert.equal(findBulk([points([1, 2, 300])]), undefined);
    assert.equal(findBulk([points(Array.from({ length: 100 }, () => 3))]), undefined);
    assert.equal(findBulk([]), undefined);
  });
});
