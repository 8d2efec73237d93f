import assert from 'node:assert/strict';
import { confusions, heatCells, HEAT_LEVELS, totals } from './confusion.ts';

const MATRIX = {
  labels: ['cat', 'dog', 'cow'],
  counts: [
    [99, 1, 0],
    [3, 6, 1],
    [0, 0, 0],
  ],
};

describe('metrics: confusion matrix', () => {
  it('has a cell for what happened alone, its share of the row, and a colour even for one in a hundred', () => {
    const cells = heatCells(MATRIX);
    assert.deepEqual(
      cells.map(({ row, column, share }) => [row, column, share]),
      [
        [0, 0, 0.99],
        [0, 1, 0.01],
        [1, 0, 0.3],
        [1, 1, 0.6],
        [1, 2, 0.1],
      ],
    );
    assert.ok(cells.every(({ level }) => level >= 1 && level <= HEAT_LEVELS));
    assert.equal(cells[0]?.level, HEAT_LEVELS);
  });

  it('lists mistakes, commonest first', () => {
    assert.deepEqual(
      confusions(MATRIX).map(({ truth, predicted, count }) => `${count} ${truth} as ${predicted}`),
      ['3 dog as cat', '1 cat as dog', '1 dog as cow'],
    );
  });

  it('counts', () => assert.deepEqual(totals(MATRIX), { right: 105, all: 110 }));
});
