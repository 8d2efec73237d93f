import type { Graph, RowGradient, Tensor } from '../graph.ts';
import { formatShape, multiplyDims, type Dim } from '../shape.ts';
import { expandTo } from './broadcast.ts';
import { reshape } from './shape.ts';

/**
 * Rows of a table: `table [rows, width] float32`, `ids […] int32` → `[…, width]`. The gradient of the table is the
 * list of rows and their ids, not a table of mostly zeros: whoever runs the graph adds them up (see `RowGradient`).
 * @param firstRow the row of id 0; RoBERTa's positions begin at the third row or so
 */
export function embedding(g: Graph, table: Tensor, ids: Tensor, firstRow = 0): Tensor {
  const y = gather(g, table, shifted(g, ids, firstRow));
  return g.record([table], y, (dy): RowGradient[] => [{ ids, firstRow, rows: dy }]);
}

/**
 * Moves rows of `x [rows, width] float32`: row `i` of the result `[…index, width]` is row `index[i]` of `x`, and
 * `inverse` undoes it: it says for each row of `x` where it went. Rows of the result that `inverse` never names are
 * copies made to fill padding; they must not influence the loss, so that their gradient is zero.
 */
export function permuteRows(g: Graph, x: Tensor, index: Tensor, inverse: Tensor): Tensor {
  const y = gather(g, x, index);
  return g.record([x], y, (dy) => {
    const rows = reshape(g, dy, [multiplyDims(...index.shape), x.shape[1] ?? 1]);
    return [reshape(g, permuteRows(g, rows, inverse, index), x.shape)];
  });
}

/** Takes some rows of `x [rows, width] float32`, each at most once: `index [taken] int32` → `[taken, width]`. */
export function takeRows(g: Graph, x: Tensor, index: Tensor): Tensor {
  const y = gather(g, x, index);
  return g.record([x], y, (dy) => [scatterRows(g, dy, index, x.shape[0] ?? 1)]);
}

/**
 * Adds rows into a table of zeros: `rows […, width]` at `ids […] int32` → `[tableRows, width]`, equal ids add up.
 * ScatterND with addition is wrong on the CPU provider when ids repeat (two threads add to one place), so the CPU
 * uses ScatterElements and a device ScatterND.
 */
export function addRows(g: Graph, { ids, firstRow, rows }: RowGradient, tableRows: Dim): Tensor {
  const width = rows.shape[rows.shape.length - 1] ?? 1;
  const count = multiplyDims(...ids.shape);
  const flat = reshape(g, rows, [count, width]);
  const zeros = expandTo(g, g.constant([0], [1, 1]), [tableRows, width]);
  const places = reshape(g, g.single('Cast', [shifted(g, ids, firstRow)], { to: 7 }, ids.shape, 'int64'), [
    count,
    1,
  ]);
  if (g.lowering.scatterNdAdds)
    return g.single('ScatterND', [zeros, places, flat], { reduction: 'add' }, zeros.shape);
  const everyColumn = expandTo(g, places, [count, width]);
  return g.single('ScatterElements', [zeros, everyColumn, flat], { axis: 0, reduction: 'add' }, zeros.shape);
}

/**
 * Sums of numbers that belong together: `x [count] float32`, `index [count] int32` from 0 to `groups` − 1 → `[groups]`; a group
 * without a number is 0. Gradient: each number gets that of its group.
 */
export function sumByIndex(g: Graph, x: Tensor, index: Tensor, groups: Dim): Tensor {
  const column = g.single('Unsqueeze', [x, g.constant([1], [1], 'int64')], {}, [...x.shape, 1]);
  const sums = addRows(g, { ids: index, firstRow: 0, rows: column }, groups);
  const y = g.single('Reshape', [sums, g.shapeTensor([groups])], {}, [groups]);
  return g.record([x], y, (dy) => [g.single('Gather', [dy, index], { axis: 0 }, x.shape)]);
}

/** Zeros `[rows, width]` with the rows of `x` put where `index` says; each place is written at most once. */
function scatterRows(g: Graph, x: Tensor, index: Tensor, rows: Dim): Tensor {
  const zeros = expandTo(g, g.constant([0], [1, 1]), [rows, x.shape[1] ?? 1]);
  const places = reshape(g, g.single('Cast', [index], { to: 7 }, index.shape, 'int64'), [
    index.shape[0] ?? 1,
    1,
  ]);
  return g.single('ScatterND', [zeros, places, x], {}, zeros.shape);
}

function shifted(g: Graph, ids: Tensor, by: number): Tensor {
  return by === 0 ? ids : g.single('Add', [ids, g.scalar(by, 'int32')], {}, ids.shape, 'int32');
}

function gather(g: Graph, x: Tensor, index: Tensor): Tensor {
  if (x.shape.length !== 2) throw new Error(`rows are taken of a matrix, not of ${formatShape(x.shape)}`);
  return g.single('Gather', [x, index], { axis: 0 }, [...index.shape, x.shape[1] ?? 1]);
}
