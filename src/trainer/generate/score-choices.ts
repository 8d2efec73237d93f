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
    const first = weigh(this.#next);
    const tokens = [first.logProbability(continuation[0]!)];
    let greedy = first.likeliest === continuation[0];
    for (let start = 0; start < continuation.length - 1; start += CHUNK) {
      const read = continuation.slice(start, Math.min(start + CHUNK, continuation.length - 1));
      const logits = await this.#decoder.read(0, read, context.length + start, [...read.keys()]);
      for (const place of read.keys()) {
        const own = weigh(logits.subarray(place * vocabSize, (place + 1) * vocabSize));
        const id = continuation[start + place + 1]!;
        tokens.push(own.logProbability(id));
        greedy &&= own.likeliest === id;
      }
    }
    return { tokens, sum: sum(tokens), greedy };
  }

  /**
   * Scores short continuations of one context side by side: the context is read once, and what is known of it is copied into as many
   * slots as the decoder has.
   * @param context at least one token; it and each continuation fit the decoder's capacity
   * @param continuations each at least one token
   */
  async scoreAll(
    context: readonly number[],
    continuations: readonly (readonly number[])[],
  ): Promise<LogLikelihood[]> {
    await this.#hold(context);
    const { vocabSize, slots } = this.#decoder;
    const first = weigh(this.#next);
    const going = continuations.map((ids) => {
      return { ids, tokens: [first.logProbability(ids[0]!)], greedy: first.likeliest === ids[0] };
    });
    // The longest stand first, so that those which go on are always the first slots.
    const longer = going.filter(({ ids }) => ids.length > 1).sort((a, b) => b.ids.length - a.ids.length);
    for (let start = 0; start < longer.length; start += slots) {
      const group = longer.slice(start, start + slots);
      for (let slot = 1; slot < group.length; slot++) this.#decoder.copy(0, slot, context.length);
      for (let place = 0; place < group[0]!.ids.length - 1; place++) {
        const active = group.filter(({ ids }) => ids.length > place + 1);
        const logits = await this.#decoder.step(
          active.map(({ ids }) => ids[place]!),
          active.map(() => context.length + place),
        );
        for (const [slot, one] of active.entries()) {
          const own = weigh(logits.subarray(slot * vocabSize, (slot + 1) * vocabSize));
          const id = one.ids[place + 1]!;
          one.tokens.push(own.logProbability(id));
          one.greedy &&= own.likeliest === id;
        }
      }
    }
    return going.map(({ tokens, greedy }) => ({ tokens, sum: sum(tokens), greedy }));
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

/** What logits say of every token: log-softmax in double precision. */
function weigh(logits: Float32Array): { likeliest: number; logProbability: (id: number) => number } {
  const best = likeliest(logits);
  const largest = logits[best] ?? NaN;
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - largest);
  const log = Math.log(total);
  return { likeliest: best, logProbability: (id) => logits[id]! - largest - log };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
