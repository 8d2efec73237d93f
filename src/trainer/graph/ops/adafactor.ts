import type { Graph, Tensor } from '../graph.ts';
import { reduce } from './broadcast.ts';

/** Numbers of an Adafactor step as scalar tensors, the same for every parameter. */
export interface AdafactorScalars {
  /** Factor on every gradient, from clipping. */
  readonly clip: Tensor;
  /** β2 = 1 − t^−0.8, and 1 − β2. */
  readonly kept: Tensor;
  readonly rest: Tensor;
  readonly learningRate: Tensor;
}

interface AdafactorTensors {
  readonly value: Tensor;
  readonly gradient: Tensor;
  /** `exp_avg_sq_row` and `exp_avg_sq_col` of a matrix, `exp_avg_sq` of a vector. */
  readonly state: Readonly<Record<string, Tensor>>;
}

/**
 * Adafactor for one parameter as ordinary operators: the arithmetic of transformers.optimization.Adafactor with `scale_parameter=False`,
 * `relative_step=False`, `clip_threshold=1.0` and no first moment. `decay` is 1 − lr · weight_decay. No gradient flows through it.
 */
export function adafactor(
  g: Graph,
  { value, gradient, state }: AdafactorTensors,
  decay: Tensor,
  s: AdafactorScalars,
): { value: Tensor; state: Record<string, Tensor> } {
  const op = (name: string, a: Tensor, b: Tensor) => g.single(name, [a, b], {}, a.shape);
  const root = (x: Tensor) => g.single('Sqrt', [x], {}, x.shape);
  const average = (former: Tensor, now: Tensor) =>
    op('Add', op('Mul', former, s.kept), op('Mul', now, s.rest));
  const all = value.shape.map((_, axis) => axis);
  const clipped = op('Mul', gradient, s.clip);
  const squares = op('Add', op('Mul', clipped, clipped), g.scalar(1e-30));
  const { exp_avg_sq: whole, exp_avg_sq_row: rows, exp_avg_sq_col: columns } = state;

  let update: Tensor;
  let next: Record<string, Tensor>;
  if (rows && columns) {
    const row = average(rows, reduce(g, 'ReduceMean', squares, [1], false));
    const column = average(columns, reduce(g, 'ReduceMean', squares, [0], false));
    const mean = reduce(g, 'ReduceMean', row, [0], true);
    const upright = g.single('Unsqueeze', [row, g.constant([1], [1], 'int64')], {}, [...row.shape, 1]);
    const scaled = op('Div', clipped, root(op('Div', upright, mean)));
    update = op('Div', scaled, root(column));
    next = { exp_avg_sq_row: row, exp_avg_sq_col: column };
  } else if (whole) {
    const moment = average(whole, squares);
    update = op('Div', clipped, root(moment));
    next = { exp_avg_sq: moment };
  } else throw new Error('Adafactor keeps a second moment');
  const meanSquare = reduce(g, 'ReduceMean', op('Mul', update, update), all, false);
  const excess = op('Max', root(meanSquare), g.scalar(1));
  const moved = op('Mul', update, op('Div', s.learningRate, excess));
  return { value: op('Sub', op('Mul', value, decay), moved), state: next };
}
