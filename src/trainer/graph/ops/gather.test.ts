import assert from 'node:assert/strict';
import { Random } from '../../random.ts';
import { float32, int32, runGraph } from '../../runtime/testing/run-graph.ts';
import { Graph } from '../graph.ts';
import { addRows, embedding } from './gather.ts';

describe('addRows', () => {
  it('adds up rows of equal ids, as a plain loop does, however often they repeat', async () => {
    const random = new Random(5);
    const [tableRows, count, width] = [7, 4000, 12];
    // Six of seven ids appear hundreds of times; the last one never.
    const ids = Array.from({ length: count }, () => random.below(tableRows - 1));
    // Small integers: their sums are exact in float32, in whatever order they are made.
    const rows = Array.from({ length: count * width }, () => random.below(17) - 8);
    const expected = new Float32Array(tableRows * width);
    ids.forEach((id, i) => {
      for (let c = 0; c < width; c++) expected[id * width + c]! += rows[i * width + c]!;
    });
    for (let round = 0; round < 5; round++) {
      const { table } = await runGraph(
        (g) => ({
          table: addRows(
            g,
            {
              ids: g.input('ids', ['tokens'], 'int32'),
              firstRow: 0,
              rows: g.input('rows', ['tokens', width]),
            },
            tableRows,
          ),
        }),
        { ids: int32(ids, [count]), rows: float32(rows, [count, width]) },
      );
      assert.deepEqual(table, [...expected]);
    }
  });

  it('takes ids of two axes', async () => {
    const { table } = await runGraph(
      (g) => ({
        table: addRows(
          g,
          { ids: g.input('ids', ['batch', 2], 'int32'), firstRow: 0, rows: g.input('rows', ['batch', 2, 1]) },
          3,
        ),
      }),
      { ids: int32([0, 2, 2, 2], [2, 2]), rows: float32([1, 2, 4, 8], [2, 2, 1]) },
    );
    assert.deepEqual(table, [1, 0, 14]);
  });
});

describe('embedding', () => {
  it('takes rows of a matrix only', () => {
    const g = new Graph();
    const table = g.input('table', [2, 3, 4]);
    assert.throws(() => embedding(g, table, g.input('ids', ['tokens'], 'int32')), /not of \[2, 3, 4\]/);
  });
});
