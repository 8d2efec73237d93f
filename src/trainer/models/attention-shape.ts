import type { Tensor } from '../graph/graph.ts';

/** What attention looks like, in every layer of its kind. */
export interface AttentionShape {
  readonly heads: number;
  /** Heads of keys and values, each shared by `heads / keyValueHeads` query heads (Ainslie et al. 2023); all when absent. */
  readonly keyValueHeads?: number;
  /** Whether a token sees only itself and those before it. */
  readonly causal?: boolean;
  /** With `causal`: how many tokens a token sees, itself among them (Mistral's sliding window). */
  readonly window?: number;
}

/** What one layer attends with. */
export interface AttentionInputs {
  /** `[tokens, heads · head]`. */
  readonly query: Tensor;
  /** `[tokens, keyValueHeads · head]`, like `value`. */
  readonly key: Tensor;
  readonly value: Tensor;
  readonly dropout: number;
  /** What scores are multiplied by; `1 / √head` when absent. */
  readonly scaling?: number;
  /** What scores are soft-capped at (Gemma 2); not at all when absent. */
  readonly softcap?: number | undefined;
}
