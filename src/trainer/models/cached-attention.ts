import type { Graph, Tensor } from '../graph/graph.ts';
import { matmul } from '../graph/ops/matmul.ts';
import { transpose } from '../graph/ops/shape.ts';
import { softCap } from '../graph/ops/softcap.ts';
import { softmax } from '../graph/ops/softmax.ts';
import { equalShapes, multiplyDims, type Shape } from '../graph/shape.ts';
import type { AttentionInputs, AttentionShape } from './attention-shape.ts';
import type { ModelBuilder } from './builder.ts';
import type { KeyValueCache } from './key-value-cache.ts';

/** Layers that share heads and window. */
export interface CachedLayout {
  readonly cache: KeyValueCache;
  readonly shape: AttentionShape;
}

/**
 * Scaled dot-product attention of new tokens to all tokens so far → `[tokens, heads · head]`, one softmax over both. The past is read
 * only: `past_key_<layer>` and `past_value_<layer>`, `[batch, keyValueHeads, past, head]`. What is new comes out by itself,
 * `new_key_<layer>` and `new_value_<layer>`, `[batch, keyValueHeads, seq, head]`, since onnxruntime-node copies whatever it gives
 * back, and the past is much larger. Operators that keep both in one buffer (`GroupQueryAttention`) have to give back all of it.
 */
export function cachedAttention(
  b: ModelBuilder,
  { cache, shape }: CachedLayout,
  { query, key, value, scaling, softcap }: AttentionInputs,
): Tensor {
  const g = b.graph;
  const { heads, keyValueHeads: groups = heads, window } = shape;
  const head = Number(query.shape[1]) / heads;
  const shared = heads / groups;
  const bias = cache.bias(window);
  const layer = cache.layers.push({ heads: groups, head }) - 1;
  const kept = ['batch', groups, 'past', head];
  const [pastKey, pastValue] = ['key', 'value'].map((part) => g.input(`past_${part}_${layer}`, kept));
  const [newKey, newValue] = [key, value].map((x) =>
    move(g, x, ['batch', 'seq', groups, head], [0, 2, 1, 3], ['batch', groups, 'seq', head]),
  );
  g.output(`new_key_${layer}`, newKey!);
  g.output(`new_value_${layer}`, newValue!);

  // Query heads that share keys are laid under one another, so that one product serves them all.
  const rows = multiplyDims(shared, 'seq');
  const perHead = ['batch', groups, rows, head];
  const q = move(g, query, ['batch', 'seq', groups, shared, head], [0, 2, 3, 1, 4], perHead);
  const plain = g.single(
    'Concat',
    [pastKey!, newKey!].map((keys) =>
      matmul(g, q, keys, { transB: true, alpha: scaling ?? 1 / Math.sqrt(head) }),
    ),
    { axis: -1 },
    ['batch', groups, rows, 'total'],
  );
  const scores = softcap === undefined ? plain : softCap(g, plain, softcap);
  const perQuery = ['batch', groups, shared, 'seq', 'total'];
  const masked = g.single('Add', [view(g, scores, perQuery), bias], {}, perQuery);
  const probabilities = view(g, softmax(g, masked), scores.shape);
  const [toPast, toNew] = g.node(
    'Split',
    [probabilities, cache.lengths],
    { axis: -1 },
    ['past', 'seq'].map((length) => ({ shape: [...perHead.slice(0, 3), length], dtype: 'float32' as const })),
  );
  const context = [matmul(g, toPast!, pastValue!), matmul(g, toNew!, newValue!)];
  const sum = g.single('Add', context, {}, perHead);
  return move(g, sum, ['batch', groups, shared, 'seq', head], [0, 3, 1, 2, 4], ['tokens', heads * head]);
}

/** `x` seen as `from`, with its axes reordered, seen as `to`. */
function move(g: Graph, x: Tensor, from: Shape, permutation: readonly number[], to: Shape): Tensor {
  return view(g, transpose(g, view(g, x, from), permutation), to);
}

/** Unlike `reshape` it takes the caller's word for it that `tokens` are `batch · seq`. */
function view(g: Graph, x: Tensor, shape: Shape): Tensor {
  return equalShapes(x.shape, shape) ? x : g.single('Reshape', [x, g.shapeTensor(shape)], {}, shape);
}
