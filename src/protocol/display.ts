import type { Spread } from './evaluation.ts';
import { formatNumber, isRubric, isShare, rubricMetric } from './format.ts';

/** How numbers of an evaluation are written for people, the same in table, verdict and HTML. */

const METRIC_NAMES: Record<string, string> = {
  f1: 'F1',
  macro_f1: 'macro-F1',
  micro_f1: 'micro-F1',
  samples_f1: 'samples F1',
  hamming_loss: 'Hamming loss',
  mse: 'MSE',
  mae: 'MAE',
  r2: 'R²',
  pearson: 'Pearson’s r',
  spearmanr: 'Spearman’s ρ',
  win_rate: 'win rate',
  latency: 'latency',
  latency_p95: 'latency p95',
  exact_match: 'exact match',
  token_f1: 'token F1',
  rouge1: 'ROUGE-1',
  rouge2: 'ROUGE-2',
  rougeL: 'ROUGE-L',
  rouge1_stem: 'ROUGE-1 of stems',
  rouge2_stem: 'ROUGE-2 of stems',
  rougeL_stem: 'ROUGE-L of stems',
  bleu: 'BLEU',
  chrf: 'chrF',
  'chrf++': 'chrF++',
};

/** sacrebleu's scores go from 0 to 100. */
const OF_A_HUNDRED = new Set(['bleu', 'chrf', 'chrf++']);

/** Metrics of how an answer came about: they do not tell a good one from a bad one. */
export function isCost(metric: string): boolean {
  return /^(latency|cost|length|output_tokens|prompt_tokens|tokens_per_second)(_|$)/.test(metric);
}

/** Whether less is better: time, money, loss and what is made of it. */
export function lowerIsBetter(metric: string): boolean {
  if (isRubric(metric)) return false;
  return /^(latency|cost)(_|$)|loss$|perplexity$|bits_per_byte$|^(mse|mae)$/.test(metric);
}

/** A value with its unit: `93.1 %`, `12.5 ms`, `27.4`. */
export function displayValue(metric: string, value: number): string {
  const size = displaySize(metric, value);
  return isShare(metric) ? `${size} %` : size;
}

/** How far repeats lie apart: `± 1.2 over 5 repeats`; nothing where a row was answered once. */
export function displaySpread(metric: string, repeats: Spread | undefined): string | undefined {
  if (repeats?.sd === undefined) return undefined;
  return `± ${displaySize(metric, repeats.sd)} over ${repeats.n} repeats`;
}

/** A value or the size of a difference without `%`: `93.1`, `12.5 ms`, `27.4`. Never `-0.0`. */
export function displaySize(metric: string, value: number): string {
  if (metric.startsWith('latency'))
    return value < 0 ? `-${displayMilliseconds(-value)}` : displayMilliseconds(value);
  if (isShare(metric)) return displayPoints(value);
  return OF_A_HUNDRED.has(metric) ? displayPoints(value / 100) : formatNumber(value);
}

/** Whether differences are said in points: of a share, or of a hundred. */
export function hasPoints(metric: string): boolean {
  return isShare(metric) || OF_A_HUNDRED.has(metric);
}

/** The largest value that a metric can have, where there is one. */
export function largestValue(metric: string): number | undefined {
  if (isShare(metric)) return 1;
  return OF_A_HUNDRED.has(metric) ? 100 : undefined;
}

/** `macro-F1` for `macro_f1`, `politeness score` for `rubric_politeness`; a name that is a word stays. */
export function displayMetric(metric: string): string {
  if (isRubric(metric)) return `${metric.slice(rubricMetric('').length)} score`;
  return METRIC_NAMES[metric] ?? metric;
}

/** Hundredths with one decimal: `83.1` for 0.831. What would round to nothing keeps one digit: `0.03`. Never `-0.0`. */
export function displayPoints(value: number): string {
  const points = 100 * value;
  const size = Math.abs(points);
  if (size >= 0.05) return points.toFixed(1);
  return size < 1e-6 ? '0.0' : String(Number(points.toPrecision(1)));
}

/** Milliseconds with three digits at most: `0.482 ms`, `12.5 ms`, `1,250 ms`. */
export function displayMilliseconds(value: number): string {
  if (value >= 1000) return `${Math.round(value).toLocaleString('en-US')} ms`;
  return `${Number(value.toPrecision(3))} ms`;
}

/** `0.013`, or `< 0.001`. */
export function displayP(p: number): string {
  if (p < 0.001) return '< 0.001';
  return p.toFixed(3);
}
