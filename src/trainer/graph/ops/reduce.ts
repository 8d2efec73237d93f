import type { Graph, Tensor } from '../graph.ts';
import { multiplyDims } from '../shape.ts';
import { expandTo, reduce, reducedShape } from './broadcast.ts';
import { scale } from './elementwise.ts';
import { reshape } from './shape.ts';

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
