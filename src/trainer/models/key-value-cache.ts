import type { Tensor } from '../graph/graph.ts';
import type { ModelBuilder } from './builder.ts';

/** Keys and values of the tokens before, kept from run to run; see `declareCachedBatch`. */
export class KeyValueCache {
  /** `[batch] int32`: how many tokens each sequence has after this run, less one. */
  readonly lastPositions: Tensor;
  /** `[1] int32`: how many tokens the longest sequence has after this run. */
  readonly longest: Tensor;
  /** What each layer keeps, in the order of the layers. */
  readonly layers: CachedLayer[] = [];

  constructor(b: ModelBuilder) {
    this.lastPositions = b.ids('last_positions', ['batch']);
    this.longest = b.ids('longest', [1]);
  }
}

/** The shape of what one layer keeps: `[batch, heads, capacity, head] float32`, twice. */
export interface CachedLayer {
  readonly heads: number;
  /** Numbers of a head as they are kept: a multiple of 8, which the operator asks for. */
  readonly head: number;
}
