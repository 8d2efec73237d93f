import { BLEU_STATISTICS, bleuFrom, bleuStatistics } from './bleu.ts';
import { chrfFrom, chrfStatistics, chrfStatisticsSize, type ChrfOptions } from './chrf.ts';
import { rouge, type RougeOptions, type RougeType } from './rouge.ts';
import { exactMatch, tokenF1 } from './squad.ts';

/**
 * A metric of texts. What it needs of each example are numbers that add up, so that its value over all examples, over a resample of
 * them, and over those of a filter comes from sums alone.
 */
export interface TextMetric {
  /** The largest value: 1 for a share, 100 where the reference library counts in hundredths (sacrebleu). */
  readonly largest: 1 | 100;
  /** How many numbers an example has. */
  readonly size: number;
  /**
   * The numbers of one example, `[size]`.
   *
   * @param references at least one
   */
  statistics(output: string, references: readonly string[]): number[];
  /** The value over `n` examples, from the sums of their numbers (`[size]`), from 0 to `largest`. */
  value(sums: ArrayLike<number>, n: number): number;
  /** The value of one example by itself, from its numbers. */
  score(statistics: ArrayLike<number>): number;
}

/** A metric whose value over examples is the mean of theirs; with several references the best counts. */
function mean(score: (output: string, reference: string) => number): TextMetric {
  return {
    largest: 1,
    size: 1,
    statistics: (output, references) => [
      Math.max(...references.map((reference) => score(output, reference))),
    ],
    value: (sums, n) => (sums[0] ?? 0) / n,
    score: (statistics) => statistics[0] ?? 0,
  };
}

const rougeMetric = (type: RougeType, options: RougeOptions = {}) =>
  mean((output, reference) => rouge(type, output, reference, options).fmeasure);

function chrfMetric(options: ChrfOptions): TextMetric {
  return {
    largest: 100,
    size: chrfStatisticsSize(options),
    statistics: (output, references) => chrfStatistics(output, references, options),
    value: (sums) => chrfFrom(sums, options),
    score: (statistics) => chrfFrom(statistics, options),
  };
}

const bleu: TextMetric = {
  largest: 100,
  size: BLEU_STATISTICS,
  statistics: bleuStatistics,
  value: (sums) => bleuFrom(sums, false),
  score: (statistics) => bleuFrom(statistics, true),
};

/**
 * Every metric of texts by its name in `metrics:`. `exact_match` and `token_f1` are SQuAD's, `rouge…` rouge-score's F-measure
 * (`…_stem` with its stemmer), `bleu`, `chrf` and `chrf++` sacrebleu's.
 */
export const TEXT_METRICS = {
  exact_match: mean(exactMatch),
  token_f1: mean(tokenF1),
  rouge1: rougeMetric('rouge1'),
  rouge2: rougeMetric('rouge2'),
  rougeL: rougeMetric('rougeL'),
  rouge1_stem: rougeMetric('rouge1', { useStemmer: true }),
  rouge2_stem: rougeMetric('rouge2', { useStemmer: true }),
  rougeL_stem: rougeMetric('rougeL', { useStemmer: true }),
  bleu,
  chrf: chrfMetric({}),
  'chrf++': chrfMetric({ wordOrder: 2 }),
} as const satisfies Record<string, TextMetric>;

export type TextMetricName = keyof typeof TEXT_METRICS;

/**
 * The value of a metric over all examples.
 *
 * @param outputs `[n]`
 * @param references `[n]`, each with at least one text
 * @returns from 0 to the metric's `largest`; NaN without examples
 */
export function scoreTexts(
  metric: TextMetric,
  outputs: readonly string[],
  references: readonly (readonly string[])[],
): number {
  const sums = new Float64Array(metric.size);
  outputs.forEach((output, example) => {
    metric
      .statistics(output, references[example] ?? [])
      .forEach((value, i) => (sums[i] = (sums[i] ?? 0) + value));
  });
  return outputs.length === 0 ? NaN : metric.value(sums, outputs.length);
}
