import { likeliest } from './choose-token.ts';
import type { Decoder } from './decoder.ts';

/** How likely a continuation is after its context. */
export interface LogLikelihood {
  /** Log-probability of each of its tokens, in nats. */
  readonly tokens: readonly number[];
  /** Their sum. */
  readonly sum: number;
  /** Whether greedy generation would say just that. */
  readonly greedy: boolean;
}

/** Tokens whose logits are in memory at once. */
const CHUNK = 64;

/**
 * Scores continuations with the first slot of a decoder, as lm-evaluation-harness's `loglikelihood`. What a context shares with the one
 * before it is not read again.
 */
export class ContinuationScorer {
  readonly #decoder: Decoder;
  /** The tokens that the slot holds. */
  #held: readonly number[] = [];
  /** Logits behind the last of them. */
  #next: Float32Array = new Float32Array();

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /**
   * @param context at least one token; it and the continuation fit the decoder's capacity
   * @param continuation at least one token
   */
  async score(context: readonly number[], continuation: readonly number[]): Promise<LogLikelihood> {
    await this.#hold(context);
    const { vocabSize } = this.#decoder;
    const tokens = [logProbability(this.#next, continuation[0]!)];
    let greedy = likeliest(this.#next) === continuation[0];
    for (let start = 0; start < continuation.length - 1; start += CHUNK) {
      const read = continuation.slice(start, Math.min(start + CHUNK, continuation.length - 1));
      const logits = await this.#decoder.read(0, read, context.length + start, [...read.keys()]);
      for (const place of read.keys()) {
        const own = logits.subarray(place * vocabSize, (place + 1) * vocabSize);
        const id = continuation[start + place + 1]!;
        tokens.push(logProbability(own, id));
        greedy &&= likeliest(own) === id;
      }
    }
    return { tokens, sum: tokens.reduce((a, b) => a + b, 0), greedy };
  }

  async #hold(context: readonly number[]): Promise<void> {
    let shared = 0;
    while (shared < context.length && this.#held[shared] === context[shared]) shared++;
    if (shared === context.length && shared === this.#held.length) return;
    // The last token is read again for its logits.
    const from = Math.min(shared, context.length - 1);
    this.#next = Float32Array.from(await this.#decoder.read(0, context.slice(from), from));
    this.#held = context;
  }
}

/** Log-softmax of one logit, in double precision. */
export function logProbability(logits: Float32Array, id: number): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return logits[id]! - largest - Math.log(sum);
}
