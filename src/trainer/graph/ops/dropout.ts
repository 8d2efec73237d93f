import type { Graph, Tensor } from '../graph.ts';
import { mul } from './elementwise.ts';

/**
 * Dropout (Srivastava et al. 2014): multiplies by a mask of 0 and 1 / (1 − rate). The mask is an input of the graph,
 * made from (seed, step, place) by whoever runs it, so that a resumed run draws the same masks on any device.
 */
export function dropout(g: Graph, x: Tensor, rate: number): Tensor {
  if (rate === 0) return x;
  const mask = g.input(`dropout_mask_${g.dropoutMasks.length}`, x.shape);
  g.dropoutMasks.push({ tensor: mask, rate });
  const y = g.single('Mul', [x, mask], {}, x.shape);
  return g.record([x], y, (dy) => [mul(g, dy, mask)]);
}
