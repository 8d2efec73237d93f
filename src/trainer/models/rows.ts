import type { Tensor } from '../graph/graph.ts';
import { takeRows } from '../graph/ops/gather.ts';
import type { BatchInputs } from './batch-inputs.ts';
import type { ModelBuilder } from './builder.ts';

/** `[batch] int32`: the first token of each sequence, which stands in the first column of `pad_index`. */
export function firstTokens(b: ModelBuilder, inputs: BatchInputs): Tensor {
  const g = b.graph;
  return g.single('Gather', [inputs.pad_index, g.scalar(0, 'int32')], { axis: 1 }, ['batch'], 'int32');
}

/** `[batch] int32`: the last token of each sequence: the largest number in its row of `pad_index`. */
export function lastTokens(b: ModelBuilder, inputs: BatchInputs): Tensor {
  const g = b.graph;
  const axes = g.constant([1], [1], 'int64');
  return g.single('ReduceMax', [inputs.pad_index, axes], { keepdims: 0 }, ['batch'], 'int32');
}

/**
 * The rows of `hidden [tokens, width]` that take part in the loss: `target_index [targets] int32` → `[targets, width]`.
 * Nothing is computed for the others from here on.
 */
export function targetRows(b: ModelBuilder, hidden: Tensor): Tensor {
  return takeRows(b.graph, hidden, b.ids('target_index', ['targets']));
}
