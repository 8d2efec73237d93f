import type { Tensor } from '../graph/graph.ts';
import type { ModelBuilder } from './builder.ts';

/** Keys and values of the tokens before, kept from run to run; see `cachedAttention`. */
export class KeyValueCache {
  /** What each layer keeps, in the order of the layers. */
  readonly layers: CachedLayer[] = [];
  /** Names of the inputs that say which tokens are seen, by sliding window. */
  readonly biases = new Map<number | undefined, string>();
  readonly #builder: ModelBuilder;

  constructor(builder: ModelBuilder) {
    this.#builder = builder;
  }

  /**
   * Added to scores: 0 where a new token may look, −1e30 elsewhere. `[batch, 1, 1, seq, total] float32`, `total = past + seq`: all that
   * is kept, filled or not, and the new tokens behind it.
   * @param window how many tokens a token sees, itself among them; all when undefined
   */
  bias(window: number | undefined): Tensor {
    const g = this.#builder.graph;
    const name = window === undefined ? 'attention_bias' : `attention_bias_${window}`;
    this.biases.set(window, name);
    return g.once(name, () => g.input(name, ['batch', 1, 1, 'seq', 'total']));
  }

  /** `[2] int64`: `past` and `seq`. */
  get lengths(): Tensor {
    const g = this.#builder.graph;
    const parts = [g.dimTensor('past'), g.dimTensor('seq')];
    return g.once('past and seq', () => g.single('Concat', parts, { axis: 0 }, [2], 'int64'));
  }
}

/** The shape of what one layer keeps: `[batch, heads, past, head] float32`, twice. */
export interface CachedLayer {
  readonly heads: number;
  readonly head: number;
}
