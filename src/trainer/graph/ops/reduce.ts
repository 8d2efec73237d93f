import type { Graph, Tensor } from '../graph.ts';
import { multiplyDims, type Dim, type Shape } from '../shape.ts';
import { scale } from './elementwise.ts';
import { expandTo, reshape } from './shape.ts';

/** Sums over `axes` (counted from 0). `[…] float32`; with `keepdims` the summed axes stay as 1. */
export function reduceSum(g: Graph, x: Tensor, axes: readonly number[], keepdims = false): Tensor {
  const y = reduce(g, 'ReduceSum', x, axes, keepdims);
  return g.record([x], y, (dy) => {
    const kept = keepdims ? dy : reshape(g, dy, reducedShape(x.shape, axes, true));
    return [expandTo(g, kept, x.shape)];
  });
}

/** Mean over `axes`, whose sizes must be known while the graph is built. */
export function reduceMean(g: Graph, x: Tensor, axes: readonly number[], keepdims = false): Tensor {
  const count = multiplyDims(...axes.map((axis) => x.shape[axis] ?? 1));
  if (typeof count !== 'number') throw new Error('the mean over a size that is not known needs its count');
  const y = reduce(g, 'ReduceMean', x, axes, keepdims);
  return g.record([x], y, (dy) => {
    const kept = keepdims ? dy : reshape(g, dy, reducedShape(x.shape, axes, true));
    return [expandTo(g, scale(g, kept, 1 / count), x.shape)];
  });
}

/** Largest value over `axes`. No gradient flows: it serves to keep exponentials in range, where it cancels. */
export function reduceMax(g: Graph, x: Tensor, axes: readonly number[], keepdims = false): Tensor {
  return reduce(g, 'ReduceMax', x, axes, keepdims);
}

function reduce(g: Graph, op: string, x: Tensor, axes: readonly number[], keepdims: boolean): Tensor {
  const axesTensor = g.constant(axes, [axes.length], 'int64');
  return g.single(op, [x, axesTensor], { keepdims: keepdims ? 1 : 0 }, reducedShape(x.shape, axes, keepdims), x.dtype);
}

function reducedShape(shape: Shape, axes: readonly number[], keepdims: boolean): Shape {
  return shape.flatMap((dim, i): Dim[] => (axes.includes(i) ? (keepdims ? [1] : []) : [dim]));
}
