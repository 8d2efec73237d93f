import { countItems, ngrams } from './ngrams.ts';
import { tokenize13a } from './tokenize-13a.ts';

/** Longest n-gram that counts. */
const ORDER = 4;

/** How many numbers {@link bleuStatistics} gives. */
export const BLEU_STATISTICS = 2 + 2 * ORDER;

/**
 * What BLEU needs of one example; those of a corpus are the sums. Tokens are those of `13a`.
 *
 * @param references at least one; the length that counts is that of the closest one, the shorter where two are as close
 * @returns `[10]`: length of the output, length of the reference, matched n-grams of 1 to 4, n-grams of the output of 1 to 4
 */
export function bleuStatistics(output: string, references: readonly string[]): number[] {
  const predicted = tokenize13a(output);
  const targets = references.map(tokenize13a);
  const correct: number[] = [];
  const total: number[] = [];
  for (let n = 1; n <= ORDER; n++) {
    const ofOutput = ngrams(predicted, n);
    const ofTargets = targets.map((target) => countItems(ngrams(target, n)));
    let matched = 0;
    for (const [ngram, count] of countItems(ofOutput))
      matched += Math.min(count, Math.max(...ofTargets.map((counts) => counts.get(ngram) ?? 0)));
    correct.push(matched);
    total.push(ofOutput.length);
  }
  return [predicted.length, closestLength(predicted.length, targets), ...correct, ...total];
}

function closestLength(length: number, targets: readonly (readonly string[])[]): number {
  const lengths = targets.map((target) => target.length);
  return lengths.reduce((closest, other) => {
    const [near, far] = [Math.abs(length - other), Math.abs(length - closest)];
    return near < far || (near === far && other < closest) ? other : closest;
  });
}

/**
 * BLEU from 0 to 100: sacrebleu's, with its exponential smoothing. `effectiveOrder` leaves out n-grams that the output is too short
 * for: sacrebleu's `sentence_bleu` has it on, `corpus_bleu` off.
 * K. Papineni et al., "BLEU: a method for automatic evaluation of machine translation", ACL 2002; M. Post, WMT 2018.
 *
 * @param statistics `[10]`, see {@link bleuStatistics}
 */
export function bleuFrom(statistics: ArrayLike<number>, effectiveOrder: boolean): number {
  const [length = 0, target = 0] = [statistics[0], statistics[1]];
  const correct = Array.from({ length: ORDER }, (_, i) => statistics[2 + i] ?? 0);
  const total = Array.from({ length: ORDER }, (_, i) => statistics[2 + ORDER + i] ?? 0);
  if (correct.every((count) => count === 0)) return 0;
  const penalty = length < target ? (length > 0 ? Math.exp(1 - target / length) : 0) : 1;
  const precisions = new Array<number>(ORDER).fill(0);
  let smoothing = 1;
  let order = ORDER;
  for (let n = 0; n < ORDER; n++) {
    const [matched = 0, all = 0] = [correct[n], total[n]];
    if (all === 0) break;
    if (effectiveOrder) order = n + 1;
    if (matched === 0) smoothing *= 2;
    precisions[n] = matched === 0 ? 100 / (smoothing * all) : (100 * matched) / all;
  }
  const logs = precisions
    .slice(0, order)
    .map((precision) => (precision === 0 ? -9999999999 : Math.log(precision)));
  return penalty * Math.exp(logs.reduce((sum, log) => sum + log, 0) / order);
}

/** BLEU of one example: `sacrebleu.sentence_bleu(output, references).score`. */
export function sentenceBleu(output: string, references: readonly string[]): number {
  return bleuFrom(bleuStatistics(output, references), true);
}
