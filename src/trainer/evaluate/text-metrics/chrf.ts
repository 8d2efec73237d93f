import { countAll, countCommon, countItems, ngrams } from './ngrams.ts';
import { PUNCTUATION, splitWords } from './python-text.ts';

/** Settings of `sacrebleu.CHRF`: `wordOrder` 0 is chrF, 2 is chrF++. */
export interface ChrfOptions {
  charOrder?: number;
  wordOrder?: number;
  beta?: number;
}

/** How many numbers {@link chrfStatistics} gives. */
export function chrfStatisticsSize({ charOrder = 6, wordOrder = 0 }: ChrfOptions = {}): number {
  return 3 * (charOrder + wordOrder);
}

/**
 * What chrF needs of one example; those of a corpus are the sums. Characters are code points, whitespace does not count.
 *
 * @param references at least one; the one that scores best counts, the first of equal ones
 * @returns three numbers an order, characters first: n-grams of the output, of the reference, and of both
 */
export function chrfStatistics(
  output: string,
  references: readonly string[],
  options: ChrfOptions = {},
): number[] {
  const ofOutput = countEveryOrder(output, options);
  let best: number[] = [];
  let bestScore = -1;
  for (const reference of references) {
    const statistics = countEveryOrder(reference, options).flatMap((target, order) => {
      const predicted = ofOutput[order] ?? new Map<string, number>();
      return [target.size > 0 ? countAll(predicted) : 0, countAll(target), countCommon(predicted, target)];
    });
    const score = chrfFrom(statistics, options);
    if (score > bestScore) [best, bestScore] = [statistics, score];
  }
  return best;
}

/**
 * chrF from 0 to 100: sacrebleu's `CHRF`, effective order and no smoothing. M. Popović, "chrF: character n-gram F-score for automatic MT
 * evaluation", WMT 2015, and "chrF++: words helping character n-grams", WMT 2017.
 *
 * @param statistics see {@link chrfStatistics}
 */
export function chrfFrom(statistics: ArrayLike<number>, { beta = 2 }: ChrfOptions = {}): number {
  const factor = beta ** 2;
  let precision = 0;
  let recall = 0;
  let orders = 0;
  for (let i = 0; i < statistics.length; i += 3) {
    const [predicted = 0, target = 0, common = 0] = [statistics[i], statistics[i + 1], statistics[i + 2]];
    if (predicted === 0 || target === 0) continue;
    precision += common / predicted;
    recall += common / target;
    orders++;
  }
  if (orders === 0 || precision + recall === 0) return 0;
  precision /= orders;
  recall /= orders;
  return 100 * (((1 + factor) * precision * recall) / (factor * precision + recall));
}

function countEveryOrder(text: string, { charOrder = 6, wordOrder = 0 }: ChrfOptions): Map<string, number>[] {
  const characters = [...splitWords(text).join('')];
  const words = wordOrder > 0 ? splitWords(text).flatMap(separatePunctuation) : [];
  return [
    ...Array.from({ length: charOrder }, (_, i) => countItems(ngrams(characters, i + 1, ''))),
    ...Array.from({ length: wordOrder }, (_, i) => countItems(ngrams(words, i + 1))),
  ];
}

/** Cuts off one mark at the end of a word, or else one at its start: sacrebleu's `(hi)` is `(hi` and `)`. */
function separatePunctuation(word: string): string[] {
  const [first = '', last = ''] = [word.at(0), word.at(-1)];
  if (word.length === 1) return [word];
  if (PUNCTUATION.includes(last)) return [word.slice(0, -1), last];
  return PUNCTUATION.includes(first) ? [first, word.slice(1)] : [word];
}
