import type { Graph, Tensor } from '../graph.ts';

/**
 * Rotary position embedding (Su et al. 2021, in the half-split layout of transformers' `apply_rotary_pos_emb`): of each
 * head `[x1, x2]` becomes `[x1 · cos − x2 · sin, x2 · cos + x1 · sin]`. A rotation, so its gradient turns back.
 * @param x `[tokens, heads · head] float32`
 * @param cos `[tokens, head / 2] float32`, like `sin`: of each token's angles
 */
export function rotary(g: Graph, x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  const y = turn(g, x, cos, sin);
  return g.record([x], y, (dy) => [turn(g, dy, cos, g.single('Neg', [sin], {}, sin.shape))]);
}

function turn(g: Graph, x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  const [tokens = 1, width = 1] = x.shape;
  const shape = [1, tokens, width];
  const one = g.single('Reshape', [x, g.shapeTensor(shape)], {}, shape);
  // The operator looks angles up by position; the tables here have a row for each token, so its position is its place.
  const first = g.constant([0], [1], 'int64');
  const turned = g.single('RotaryEmbedding', [one, first, cos, sin], {}, shape, 'float32', 'com.microsoft');
  return g.single('Reshape', [turned, g.shapeTensor(x.shape)], {}, x.shape);
}
