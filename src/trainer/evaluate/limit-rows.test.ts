import assert from 'node:assert/strict';
import { limitRows, takeTexts } from './limit-rows.ts';

describe('limitRows', () => {
  it('draws so many rows, the same each time, in their order and from all over', () => {
    const rows = limitRows(1000, 50);
    assert.equal(new Set(rows).size, 50);
    assert.deepEqual(
      rows,
      [...rows].sort((a, b) => a - b),
    );
    assert.deepEqual(limitRows(1000, 50), rows);
    for (const quarter of [0, 1, 2, 3])
      assert.ok(rows.filter((row) => Math.floor(row / 250) === quarter).length > 4, String(rows));
  });

  it('takes all rows where there is no limit, or a larger one', () => {
    assert.deepEqual(limitRows(3), [0, 1, 2]);
    assert.deepEqual(limitRows(3, 3), [0, 1, 2]);
    assert.deepEqual(limitRows(3, 9), [0, 1, 2]);
  });
});

describe('takeTexts', () => {
  it('keeps texts, pairs and places together', () => {
    const taken = takeTexts(
      {
        data: 'd.test',
        file: 'a.tune.yaml',
        texts: ['a', 'b', 'c'],
        pairs: ['x', 'y', 'z'],
        placeOf: (row) => ({ file: 'd.csv', line: row + 2 }),
      },
      [0, 2],
    );
    assert.deepEqual(
      [taken.texts, taken.pairs],
      [
        ['a', 'c'],
        ['x', 'z'],
      ],
    );
    assert.deepEqual(taken.placeOf(1), { file: 'd.csv', line: 4 });
  });
});
