import type { ResolvedSweep } from '../../language/resolved.ts';
import { formatMetric, formatNumber } from '../../protocol/format.ts';
import type { SweepResult, SweepTrial } from '../../protocol/sweep.ts';
import type { TrialValues } from './plan-trials.ts';

/** What came of a run of a sweep so far. */
export type TrialResult = SweepTrial;

/** The runs that have a number, best first; of equals the earlier one. */
export function rank(results: readonly TrialResult[], mode: ResolvedSweep['mode']): TrialResult[] {
  const sign = mode === 'max' ? -1 : 1;
  return results
    .filter(({ metric, state }) => metric !== undefined && (state === 'finished' || state === 'held'))
    .sort((a, b) => sign * ((a.metric ?? 0) - (b.metric ?? 0)) || a.index - b.index);
}

/**
 * Which run is best, in a sentence: `Best by accuracy: lr-3 with 91.2 % (train.learning_rate 0.001), of 6 runs; the median is
 * 88.0 %.` Only runs that finished are compared.
 */
export function bestSentence(
  { metric, mode, name }: Pick<ResolvedSweep, 'metric' | 'mode' | 'name'>,
  results: readonly TrialResult[],
): string {
  const finished = rank(results, mode).filter(({ state }) => state === 'finished');
  const [best] = finished;
  if (best?.metric === undefined) return `No run of ${name} finished with a number for ${metric}.`;
  const word = (value: number) => formatMetric(`eval_${metric}`, value);
  const failed = results.filter(
    ({ state, metric: value }) => state === 'failed' || value === undefined,
  ).length;
  const held = results.filter(({ state }) => state === 'held').length;
  const others = [
    `of ${finished.length} ${finished.length === 1 ? 'run' : 'runs'}${held > 0 ? ' that trained to the end' : ''}`,
    ...(held > 0 ? [`${held} ended early`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  const median = finished.length > 2 ? `; the median is ${word(medianOf(finished))}` : '';
  return `Best by ${metric}: ${best.name} with ${word(best.metric)} (${valuesWord(best.values)}), ${others.join(', ')}${median}.`;
}

/** What is stored of a sweep and shown of it. */
export function sweepResult(sweep: ResolvedSweep, results: readonly TrialResult[]): SweepResult {
  const ranked = rank(results, sweep.mode);
  const others = results.filter((each) => !ranked.includes(each));
  return {
    type: 'sweep',
    metric: sweep.metric,
    mode: sweep.mode,
    fields: Object.keys(sweep.over),
    trials: [...ranked, ...others],
    verdict: bestSentence(sweep, results),
  };
}

/** `train.learning_rate 0.001, method.lora.r 8`. */
export function valuesWord(values: TrialValues): string {
  return Object.entries(values)
    .map(([path, value]) => `${path} ${typeof value === 'number' ? formatNumber(value, 6) : String(value)}`)
    .join(', ');
}

function medianOf(sorted: readonly TrialResult[]): number {
  const [low, high] = [(sorted.length - 1) >> 1, sorted.length >> 1];
  return ((sorted[low]?.metric ?? NaN) + (sorted[high]?.metric ?? NaN)) / 2;
}
