import type { Tensor } from '../graph/graph.ts';
import type { ModelBuilder } from './builder.ts';

/**
 * A batch without padding: the real tokens of all its sequences one after the other. Linear layers, norms and losses
 * see `[tokens, …]`; attention alone sees the padded `[batch, seq]`, through the two index tables.
 */
export interface BatchInputs {
  /** `[tokens] int32`. */
  readonly input_ids: Tensor;
  /** `[tokens] int32`, from 0 in every sequence. */
  readonly position_ids: Tensor;
  /** `[tokens] int32`: which sequence a token is of, from 0 to batch − 1. */
  readonly sequence_ids: Tensor;
  /** `[batch, seq] int32`: which token stands there; 0 where there is padding. */
  readonly pad_index: Tensor;
  /** `[batch, seq] float32`: 1 for a token, 0 for padding. */
  readonly attention_mask: Tensor;
}

/** Declares the inputs that every model has. Named sizes: `tokens`, `batch`, `seq`. */
export function declareBatch(b: ModelBuilder): BatchInputs {
  return {
    input_ids: b.ids('input_ids', ['tokens']),
    position_ids: b.ids('position_ids', ['tokens']),
    sequence_ids: b.ids('sequence_ids', ['tokens']),
    pad_index: b.ids('pad_index', ['batch', 'seq']),
    attention_mask: b.graph.input('attention_mask', ['batch', 'seq']),
  };
}
