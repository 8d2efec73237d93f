import type { Graph, Tensor } from '../graph/graph.ts';
import { mul } from '../graph/ops/elementwise.ts';
import { permuteRows } from '../graph/ops/gather.ts';
import { matmul } from '../graph/ops/matmul.ts';
import { reshape } from '../graph/ops/shape.ts';
import { softmax } from '../graph/ops/softmax.ts';
import { multiplyDims } from '../graph/shape.ts';
import type { BatchInputs } from './batch-inputs.ts';
import type { ModelBuilder } from './builder.ts';

/** How a batch's tokens are laid out for attention; made once a graph and used by every layer. */
export interface AttentionLayout {
  readonly heads: number;
  /** `[batch, heads, seq] int32`: which row of `[tokens · heads, head]` stands there. */
  readonly toHeads: Tensor;
  /** `[tokens, heads] int32`: which row of `[batch · heads · seq, head]` a token's head is. */
  readonly toTokens: Tensor;
  /** `[batch, 1, 1, seq] float32`: added to scores; 0 for a token, −1e30 for padding. */
  readonly keyBias: Tensor;
  /** `[batch, 1, seq, 1] float32`: 1 for a token, 0 for padding. */
  readonly queryMask: Tensor;
}

/** Index tables that put tokens into padded heads and back in one copy: padding and transposing are one Gather. */
export function attentionLayout(b: ModelBuilder, inputs: BatchInputs, heads: number): AttentionLayout {
  const g = b.graph;
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

  const mask = inputs.attention_mask;
  const away = g.single('Sub', [mask, g.scalar(1)], {}, mask.shape);
  const keyBias = g.single('Mul', [away, g.scalar(1e30)], {}, mask.shape);
  return {
    heads,
    toHeads,
    toTokens,
    keyBias: reshape(g, keyBias, ['batch', 1, 1, 'seq']),
    queryMask: reshape(g, mask, ['batch', 1, 'seq', 1]),
  };
}

/**
 * Scaled dot-product attention (Vaswani et al. 2017): `query, key, value [tokens, width]` → `[tokens, width]`;
 * `softmax(q · kᵀ / √head) · v` within each sequence.
 */
export function attention(
  b: ModelBuilder,
  layout: AttentionLayout,
  { query, key, value, dropout }: { query: Tensor; key: Tensor; value: Tensor; dropout: number },
): Tensor {
  const g = b.graph;
  const width = Number(query.shape[1]);
  const head = width / layout.heads;
  const [q, k, v] = [query, key, value].map((x) => intoHeads(g, x, layout, head));
  const scores = matmul(g, q!, k!, { transB: true, alpha: 1 / Math.sqrt(head) });
  const masked = g.single('Add', [scores, layout.keyBias], {}, scores.shape);
  g.record([scores], masked, (dy) => [dy]);
  const probabilities = b.dropout(softmax(g, masked), dropout);
  // Padded queries are computed and never used; the mask keeps what comes back for them from reaching the keys.
  const context = mul(g, matmul(g, probabilities, v!), layout.queryMask);
  return fromHeads(g, context, layout, width);
}

/** `[tokens, heads · head] → [batch, heads, seq, head]`. */
function intoHeads(g: Graph, x: Tensor, layout: AttentionLayout, head: number): Tensor {
  const rows = reshape(g, x, [multiplyDims('tokens', layout.heads), head]);
  return permuteRows(g, rows, layout.toHeads, layout.toTokens);
}

/** `[batch, heads, seq, head] → [tokens, heads · head]`. */
function fromHeads(g: Graph, x: Tensor, layout: AttentionLayout, width: number): Tensor {
  const rows = reshape(g, x, [multiplyDims('batch', layout.heads, 'seq'), width / layout.heads]);
  return reshape(g, permuteRows(g, rows, layout.toTokens, layout.toHeads), ['tokens', width]);
}
