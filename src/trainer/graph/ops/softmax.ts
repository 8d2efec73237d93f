import type { Graph, Tensor } from '../graph.ts';
import { mul, sub } from './elementwise.ts';
import { reduceSum } from './broadcast.ts';

/** Softmax over the last axis. Gradient: `p · (dp − Σ dp · p)`. */
export function softmax(g: Graph, x: Tensor): Tensor {
  const p = g.single('Softmax', [x], { axis: -1 }, x.shape);
  return g.record([x], p, (dp) => {
    const weighted = mul(g, dp, p);
    const sum = reduceSum(g, weighted, [x.shape.length - 1], true);
    return [sub(g, weighted, mul(g, p, sum))];
  });
}
