import type { Graph, Tensor } from '../graph/graph.ts';
import { mul } from '../graph/ops/elementwise.ts';
import { permuteRows } from '../graph/ops/gather.ts';
import { matmul } from '../graph/ops/matmul.ts';
import { reshape } from '../graph/ops/shape.ts';
import { softCap } from '../graph/ops/softcap.ts';
import { softmax } from '../graph/ops/softmax.ts';
import { multiplyDims } from '../graph/shape.ts';
import type { AttentionInputs, AttentionShape } from './attention-shape.ts';
import type { BatchInputs } from './batch-inputs.ts';
import type { ModelBuilder } from './builder.ts';
import { cachedAttention, type CachedLayout } from './cached-attention.ts';

/** How a batch's tokens are laid out for attention; made once a graph and used by every layer. */
export type AttentionLayout = PaddedLayout | CachedLayout;

/** All tokens of every sequence at once. */
interface PaddedLayout {
  readonly queries: HeadTables;
  readonly keys: HeadTables;
  /** Added to scores: 0 where a token may look, −1e30 elsewhere. `[batch, 1, 1, seq]`, or `[1, 1, seq, seq]` when causal. */
  readonly bias: Tensor;
  /** `[batch, 1, seq, 1] float32`: 1 for a token, 0 for padding. */
  readonly queryMask: Tensor;
}

/** Where the heads of tokens stand. */
interface HeadTables {
  readonly heads: number;
  /** `[batch, heads, seq] int32`: which row of `[tokens · heads, head]` stands there. */
  readonly toHeads: Tensor;
  /** `[tokens, heads] int32`: which row of `[batch · heads · seq, head]` a token's head is. */
  readonly toTokens: Tensor;
}

/** Index tables that put tokens into padded heads and back in one copy: padding and transposing are one Gather. */
export function attentionLayout(
  b: ModelBuilder,
  inputs: BatchInputs,
  shape: AttentionShape,
): AttentionLayout {
  const { heads, keyValueHeads = heads, causal = false, window } = shape;
  if (inputs.cache) return { cache: inputs.cache, shape };
  const queries = headTables(b.graph, inputs, heads);
  return {
    queries,
    keys: keyValueHeads === heads ? queries : headTables(b.graph, inputs, keyValueHeads),
    // Padding stands behind the tokens of its sequence, where a causal token does not look anyway.
    bias: causal ? causalBias(b.graph, window) : keyBias(b.graph, inputs),
    queryMask: reshape(b.graph, inputs.attention_mask, ['batch', 1, 'seq', 1]),
  };
}

function headTables(g: Graph, inputs: BatchInputs, heads: number): HeadTables {
  const headIds = g.constant([...Array(heads).keys()], [1, heads, 1], 'int32');
  const integer = (op: string, x: Tensor, y: Tensor, shape: Tensor['shape']) =>
    g.single(op, [x, y], {}, shape, 'int32');

  const padIndex = reshape(g, inputs.pad_index, ['batch', 1, 'seq']);
  const firstRow = integer('Mul', padIndex, g.scalar(heads, 'int32'), ['batch', 1, 'seq']);
  const toHeads = integer('Add', firstRow, headIds, ['batch', heads, 'seq']);

  const seq = g.single('Cast', [g.dimTensor('seq')], { to: 6 }, [1], 'int32');
  const sequence = reshape(g, inputs.sequence_ids, ['tokens', 1]);
  const headRow = integer(
    'Add',
    integer('Mul', sequence, g.scalar(heads, 'int32'), ['tokens', 1]),
    reshape(g, headIds, [1, heads]),
    ['tokens', heads],
  );
  const toTokens = integer(
    'Add',
    integer('Mul', headRow, seq, ['tokens', heads]),
    reshape(g, inputs.position_ids, ['tokens', 1]),
    ['tokens', heads],
  );
  return { heads, toHeads, toTokens };
}

/** `[batch, 1, 1, seq]`: padding is not looked at. */
function keyBias(g: Graph, { attention_mask: mask }: BatchInputs): Tensor {
  const away = g.single('Sub', [mask, g.scalar(1)], {}, mask.shape);
  const bias = g.single('Mul', [away, g.scalar(1e30)], {}, mask.shape);
  return reshape(g, bias, ['batch', 1, 1, 'seq']);
}

/** `[1, 1, seq, seq]`: what comes later is not looked at, nor what lies a window or more back. */
function causalBias(g: Graph, window: number | undefined): Tensor {
  const seq = reshape(g, g.dimTensor('seq'), []);
  const range = [g.scalar(0, 'int64'), seq, g.scalar(1, 'int64')];
  const columns = g.single('Range', range, {}, ['seq'], 'int64');
  const back = g.single(
    'Sub',
    [reshape(g, columns, ['seq', 1]), reshape(g, columns, [1, 'seq'])],
    {},
    ['seq', 'seq'],
    'int64',
  );
  const test = (op: string, bound: number) =>
    g.single(op, [back, g.scalar(bound, 'int64')], {}, back.shape, 'bool');
  const later = test('Less', 0);
  const hidden =
    window === undefined
      ? later
      : g.single('Or', [later, test('GreaterOrEqual', window)], {}, back.shape, 'bool');
  const one = g.single('Cast', [hidden], { to: 1 }, back.shape);
  return reshape(g, g.single('Mul', [one, g.scalar(-1e30)], {}, back.shape), [1, 1, 'seq', 'seq']);
}

/**
 * Scaled dot-product attention (Vaswani et al. 2017) → `[tokens, heads · head]`: `softmax(q · kᵀ · scaling) · v` within each
 * sequence, where `softcap` says so with scores that are soft-capped before the softmax. Query heads that share keys are laid under one another, so that one product serves them all.
 */
export function attention(b: ModelBuilder, layout: AttentionLayout, inputs: AttentionInputs): Tensor {
  if ('cache' in layout) return cachedAttention(b, layout, inputs);
  const { query, key, value, dropout, scaling, softcap } = inputs;
  const g = b.graph;
  const width = Number(query.shape[1]);
  const { heads } = layout.queries;
  const groups = layout.keys.heads;
  const head = width / heads;
  const perHead = ['batch', heads, 'seq', 'seq'];
  const rows = multiplyDims(heads / groups, 'seq');

  const q = reshape(g, intoHeads(g, query, layout.queries, head), ['batch', groups, rows, head]);
  const [k, v] = [key, value].map((x) => intoHeads(g, x, layout.keys, head));
  const products = matmul(g, q, k!, { transB: true, alpha: scaling ?? 1 / Math.sqrt(head) });
  const plain = reshape(g, products, perHead);
  const scores = softcap === undefined ? plain : softCap(g, plain, softcap);
  const masked = g.single('Add', [scores, layout.bias], {}, perHead);
  g.record([scores], masked, (dy) => [dy]);
  const probabilities = b.dropout(softmax(g, masked), dropout);
  const context = matmul(g, reshape(g, probabilities, ['batch', groups, rows, 'seq']), v!);
  const used = backOfTokens(g, reshape(g, context, ['batch', heads, 'seq', head]), layout.queryMask);
  return fromHeads(g, used, layout.queries, width);
}

/** Padded queries are computed and never used: what comes back for them must not reach the keys. */
function backOfTokens(g: Graph, context: Tensor, queryMask: Tensor): Tensor {
  const same = g.single('Identity', [context], {}, context.shape);
  return g.record([context], same, (dy) => [mul(g, dy, queryMask)]);
}

/** `[tokens, heads · head] → [batch, heads, seq, head]`. */
function intoHeads(g: Graph, x: Tensor, { heads, toHeads, toTokens }: HeadTables, head: number): Tensor {
  const rows = reshape(g, x, [multiplyDims('tokens', heads), head]);
  return permuteRows(g, rows, toHeads, toTokens);
}

/** `[batch, heads, seq, head] → [tokens, heads · head]`. */
function fromHeads(g: Graph, x: Tensor, { heads, toHeads, toTokens }: HeadTables, width: number): Tensor {
  const rows = reshape(g, x, [multiplyDims('batch', heads, 'seq'), width / heads]);
  return reshape(g, permuteRows(g, rows, toTokens, toHeads), ['tokens', width]);
}
