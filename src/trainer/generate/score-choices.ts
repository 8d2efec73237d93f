import { likeliest } from './choose-token.ts';
import type { Decoder } from './decoder.ts';

/** How likely a continuation is after its context. */
export interface LogLikelihood {
  /** Sum of the log-probabilities of its tokens, in nats. */
  readonly sum: number;
  /** Whether greedy generation would say just that. */
  readonly greedy: boolean;
}

/**
 * Log-likelihoods of continuations of one context, as lm-evaluation-harness's `loglikelihood`. The context is read once.
 * @param context at least one token; it and the longest continuation fit the decoder's capacity
 * @param continuations each of at least one token
 */
export async function logLikelihood(
  decoder: Decoder,
  context: readonly number[],
  continuations: readonly (readonly number[])[],
): Promise<LogLikelihood[]> {
  const first = Float32Array.from(await decoder.read(0, context, 0));
  const results: LogLikelihood[] = [];
  for (const ids of continuations) {
    const read = ids.slice(0, -1);
    const all = read.map((_, place) => place);
    const rest = read.length === 0 ? undefined : await decoder.read(0, read, context.length, all);
    const { vocabSize } = decoder;
    let sum = 0;
    let greedy = true;
    for (const [place, id] of ids.entries()) {
      const logits = place === 0 ? first : rest!.subarray((place - 1) * vocabSize, place * vocabSize);
      sum += logProbability(logits, id);
      greedy &&= likeliest(logits) === id;
    }
    results.push({ sum, greedy });
  }
  return results;
}

/** Log-softmax of one logit, in double precision. */
export function logProbability(logits: Float32Array, id: number): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return logits[id]! - largest - Math.log(sum);
}
