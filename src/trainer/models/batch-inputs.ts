import type { Tensor } from '../graph/graph.ts';
import type { ModelBuilder } from './builder.ts';
import { KeyValueCache } from './key-value-cache.ts';

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
  /** Where the tokens before are kept, when text is generated token by token; the tables of padding are not there then. */
  readonly cache?: KeyValueCache;
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

/**
 * Declares the inputs of a batch whose sequences go on from a cache. Every sequence brings as many tokens as the others, `seq` of
 * them, so there is no padding: `input_ids` and `position_ids` are `[batch · seq]`, one sequence after the other.
 */
export function declareCachedBatch(b: ModelBuilder): BatchInputs & { readonly cache: KeyValueCache } {
  const none = (): never => {
    throw new Error('a batch that goes on from a cache has no padding');
  };
  return {
    input_ids: b.ids('input_ids', ['tokens']),
    position_ids: b.ids('position_ids', ['tokens']),
    cache: new KeyValueCache(b),
    get sequence_ids() {
      return none();
    },
    get pad_index() {
      return none();
    },
    get attention_mask() {
      return none();
    },
  };
}
