import type { Random } from '../random.ts';
import { possible, processLogits, softmax, type Said } from './process-logits.ts';
import type { GenerationSettings } from './settings.ts';

/**
 * The next token: the likeliest (of equals the first, as torch.argmax), or one drawn by its probability.
 * @param logits `[vocab] float32` of the model; left as they are
 * @throws Error when a logit is not a number
 */
export function chooseToken(
  logits: Float32Array,
  said: Said,
  settings: GenerationSettings,
  random: Random,
): number {
  if (takesLikeliest(settings)) return likeliest(logits);
  const scores = Float32Array.from(logits);
  processLogits(scores, said, settings);
  return settings.do_sample ? draw(scores, random) : likeliest(scores);
}

/** Whether every token is the likeliest of the logits as they are. */
export function takesLikeliest({
  do_sample,
  repetition_penalty,
  no_repeat_ngram_size,
  min_new_tokens,
}: GenerationSettings): boolean {
  return !do_sample && repetition_penalty === 1 && no_repeat_ngram_size <= 0 && min_new_tokens <= 0;
}

/** Index of the largest number; undefined numbers give −1. */
export function likeliest(scores: Float32Array): number {
  let best = -1;
  let largest = -Infinity;
  for (let id = 0; id < scores.length; id++) {
    const score = scores[id]!;
    // One comparison for nearly all of them; it is also false for what is no number.
    if (score <= largest) continue;
    if (Number.isNaN(score)) return -1;
    largest = score;
    best = id;
  }
  return best;
}

function draw(scores: Float32Array, random: Random): number {
  const ids = possible(scores);
  const at = random.uniform();
  let sum = 0;
  const probabilities = softmax(scores, ids);
  for (const [place, id] of ids.entries()) {
    sum += probabilities[place]!;
    if (at < sum) return id;
  }
  return Number.isNaN(sum) ? -1 : (ids.at(-1) ?? -1);
}
