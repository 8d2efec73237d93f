import type { Graph, Tensor } from '../graph/graph.ts';
import { multiplyDims, type Dim } from '../graph/shape.ts';
import type { AttentionInputs, AttentionShape } from './attention-shape.ts';
import type { ModelBuilder } from './builder.ts';
import type { KeyValueCache } from './key-value-cache.ts';

/** Layers that share heads and window. */
export interface CachedLayout {
  readonly cache: KeyValueCache;
  readonly shape: AttentionShape;
}

/**
 * Scaled dot-product attention of new tokens to all tokens so far, through `com.microsoft.GroupQueryAttention`, which adds the new
 * keys and values to the cache: inputs `past_key_<layer>`, `past_value_<layer>` and outputs `present_key_<layer>`,
 * `present_value_<layer>`, each `[batch, keyValueHeads, capacity, head]`. Where a past and its present are one buffer nothing is copied.
 */
export function cachedAttention(
  b: ModelBuilder,
  { cache, shape }: CachedLayout,
  { query, key, value, scaling }: AttentionInputs,
): Tensor {
  const g = b.graph;
  const { heads, keyValueHeads = heads, window } = shape;
  const head = Number(query.shape[1]) / heads;
  const kept = Math.ceil(head / 8) * 8;
  const layer = cache.layers.push({ heads: keyValueHeads, head: kept }) - 1;
  const dims = ['batch', keyValueHeads, 'capacity', kept];
  const past = ['key', 'value'].map((part) => g.input(`past_${part}_${layer}`, dims));
  const inputs = [
    ...[query, key, value].map((x, i) => bySequence(g, widen(g, x, i === 0 ? heads : keyValueHeads, kept))),
    ...past,
    cache.lastPositions,
    cache.longest,
  ];
  const attributes = {
    num_heads: heads,
    kv_num_heads: keyValueHeads,
    scale: { float: scaling ?? 1 / Math.sqrt(head) },
    local_window_size: window ?? -1,
  };
  const [context, ...present] = g.node(
    'GroupQueryAttention',
    inputs,
    attributes,
    [['batch', 'seq', heads * kept], dims, dims].map((s) => ({ shape: s, dtype: 'float32' as const })),
    { domain: 'com.microsoft' },
  );
  present.forEach((tensor, i) => g.output(`present_${i === 0 ? 'key' : 'value'}_${layer}`, tensor));
  const flat = g.single('Reshape', [context, g.shapeTensor(['tokens', heads * kept])], {}, [
    'tokens',
    heads * kept,
  ]);
  return narrow(g, flat, heads, head, kept);
}

/** `[tokens, width] → [batch, seq, width]`. */
function bySequence(g: Graph, x: Tensor): Tensor {
  const width = Number(x.shape[1]);
  const parts = [g.dimTensor('batch'), g.constant([-1], [1], 'int64'), g.constant([width], [1], 'int64')];
  const shape = g.single('Concat', parts, { axis: 0 }, [3], 'int64');
  return g.single('Reshape', [x, shape], {}, ['batch', 'seq', width]);
}

/** Puts zeros behind the numbers of each head, which change no product. */
function widen(g: Graph, x: Tensor, heads: number, to: number): Tensor {
  const head = Number(x.shape[1]) / heads;
  if (head === to) return x;
  const rows = perHead(g, x, heads, head);
  const pads = g.constant([0, 0, 0, to - head], [4], 'int64');
  const wide = g.single('Pad', [rows, pads], {}, [rows.shape[0] ?? 1, to]);
  return g.single('Reshape', [wide, g.shapeTensor(['tokens', heads * to])], {}, ['tokens', heads * to]);
}

function narrow(g: Graph, x: Tensor, heads: number, head: number, from: number): Tensor {
  if (head === from) return x;
  const rows = perHead(g, x, heads, from);
  const one = (n: number) => g.constant([n], [1], 'int64');
  const cut = g.single('Slice', [rows, one(0), one(head), one(1)], {}, [rows.shape[0] ?? 1, head]);
  return g.single('Reshape', [cut, g.shapeTensor(['tokens', heads * head])], {}, ['tokens', heads * head]);
}

function perHead(g: Graph, x: Tensor, heads: number, head: number): Tensor {
  const shape: Dim[] = [multiplyDims('tokens', heads), head];
  return g.single('Reshape', [x, g.shapeTensor(shape)], {}, shape);
}
