import type { GenerationSettings } from './settings.ts';

/** What comes before the token that is chosen. */
export interface Said {
  /** Prompt and answer so far. */
  readonly ids: readonly number[];
  /** Tokens of the prompt. */
  readonly promptLength: number;
}

/**
 * Changes the logits of the next token as the settings ask, in the order of transformers' `_get_logits_processor`: repetition, repeated
 * runs, earliest end; then, when a token is drawn, temperature, top-k, top-p, min-p. What is ruled out becomes −∞.
 * @param scores `[vocab]`, changed in place
 */
export function processLogits(scores: Float32Array, said: Said, settings: GenerationSettings): void {
  penalizeRepetition(scores, said, settings);
  forbidRuns(scores, said, settings);
  forbidEnd(scores, said, settings);
  if (!settings.do_sample) return;
  if (settings.temperature !== 1) for (let i = 0; i < scores.length; i++) scores[i]! /= settings.temperature;
  keepLikeliest(scores, settings);
}

/** transformers' RepetitionPenaltyLogitsProcessor: of each token once, however often it was said. */
function penalizeRepetition(
  scores: Float32Array,
  { ids }: Said,
  { repetition_penalty }: GenerationSettings,
): void {
  if (repetition_penalty === 1) return;
  for (const id of new Set(ids)) {
    const score = scores[id];
    if (score !== undefined) scores[id] = score < 0 ? score * repetition_penalty : score / repetition_penalty;
  }
}

/** transformers' NoRepeatNGramLogitsProcessor. */
function forbidRuns(
  scores: Float32Array,
  { ids }: Said,
  { no_repeat_ngram_size: size }: GenerationSettings,
): void {
  if (size <= 0 || ids.length + 1 < size) return;
  const last = ids.length - (size - 1);
  for (let start = 0; start + size <= ids.length; start++) {
    let same = true;
    for (let i = 0; same && i < size - 1; i++) same = ids[start + i] === ids[last + i];
    if (same) scores[ids[start + size - 1]!] = -Infinity;
  }
}

/** transformers' MinNewTokensLengthLogitsProcessor. */
function forbidEnd(
  scores: Float32Array,
  { ids, promptLength }: Said,
  { min_new_tokens, eos_token_id }: GenerationSettings,
): void {
  if (ids.length - promptLength >= min_new_tokens) return;
  for (const id of eos_token_id) if (id < scores.length) scores[id] = -Infinity;
}

/** transformers' TopKLogitsWarper, TopPLogitsWarper and MinPLogitsWarper, one after the other. */
function keepLikeliest(scores: Float32Array, { top_k, top_p, min_p }: GenerationSettings): void {
  if (top_k > 0 && top_k < scores.length) {
    const bound = kthLargest(scores, top_k);
    for (let i = 0; i < scores.length; i++) if (scores[i]! < bound) scores[i] = -Infinity;
  }
  if (top_p < 1) {
    const kept = possible(scores).sort((a, b) => scores[a]! - scores[b]!);
    const probabilities = softmax(scores, kept);
    let below = 0;
    for (const [place, id] of kept.entries()) {
      below += probabilities[place]!;
      if (below > 1 - top_p || place === kept.length - 1) break;
      scores[id] = -Infinity;
    }
  }
  if (min_p > 0) {
    const kept = possible(scores);
    const largest = kept.reduce((a, id) => Math.max(a, scores[id]!), -Infinity);
    for (const id of kept) if (Math.exp(scores[id]! - largest) < min_p) scores[id] = -Infinity;
  }
}

/** The tokens that are not ruled out. */
export function possible(scores: Float32Array): number[] {
  const ids: number[] = [];
  for (let id = 0; id < scores.length; id++) if (scores[id]! > -Infinity) ids.push(id);
  return ids;
}

/** The probabilities of some tokens among themselves, in double precision. */
export function softmax(scores: Float32Array, ids: readonly number[]): Float64Array {
  const largest = ids.reduce((a, id) => Math.max(a, scores[id]!), -Infinity);
  const weights = Float64Array.from(ids, (id) => Math.exp(scores[id]! - largest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** The k-th largest of some numbers: a heap of the k largest so far, its smallest on top. */
function kthLargest(scores: Float32Array, k: number): number {
  const heap = new Float32Array(k).fill(-Infinity);
  for (const score of scores) {
    if (score <= heap[0]!) continue;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= k) break;
      const child = left + 1 < k && heap[left + 1]! < heap[left]! ? left + 1 : left;
      if (heap[child]! >= score) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = score;
  }
  return heap[0]!;
}
