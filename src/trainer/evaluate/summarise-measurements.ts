import type { EvaluationResult, MetricEstimate, PairComparison } from '../../protocol/evaluation.ts';
import { estimateLatency } from './estimate.ts';
import { compareAdditive, estimateAdditive } from './estimate-additive.ts';
import { bootstrapAdditive, type AdditiveStatistic } from './statistics/additive.ts';
import { resamplesFor } from './statistics/bootstrap.ts';
import { compareEveryPair } from './statistics/pairs.ts';
import { TEXT_METRICS, type TextMetric, type TextMetricName } from './text-metrics/text-metrics.ts';
import { writeVerdict } from './verdict.ts';

/** A metric as numbers: whatever was measured of each example, and how a value comes of their sums. */
export interface MeasuredMetric {
  /** Its name in the result. */
  name: string;
  statistic: AdditiveStatistic;
  /** The numbers of each candidate, in the order of the candidates: `[n, size]`. */
  numbers: readonly Float64Array[];
}

/** All that an evaluation of generated answers has measured. */
export interface Measurements {
  /** The data set and split, as written in the config. */
  data: string;
  /** In the order of the config, so that a pair's difference is "later minus earlier". */
  candidates: readonly string[];
  /** Most important first; all have the same examples. */
  metrics: readonly MeasuredMetric[];
  /** Milliseconds of each candidate, `[n]`; left out where latency was not asked for. */
  latencies?: readonly Float64Array[];
  seed: number;
}

/**
 * The numbers of a metric of texts for one candidate, `[n, size]`.
 *
 * @param outputs `[n]`
 * @param references `[n]`, each with at least one text
 */
export function measureTexts(
  metric: TextMetricName,
  outputs: readonly string[],
  references: readonly (readonly string[])[],
): Float64Array {
  const { size, ...rest }: TextMetric = TEXT_METRICS[metric];
  const numbers = new Float64Array(outputs.length * size);
  outputs.forEach((output, i) => numbers.set(rest.statistics(output, references[i] ?? []), i * size));
  return numbers;
}

/** A mean over examples: of a judge's grades, assertions that pass (0 or 1), characters, tokens, cost. */
export const MEAN: AdditiveStatistic = { size: 1, value: (sums, n) => (sums[0] ?? 0) / n };

/**
 * Metrics with intervals, pairs with tests and Holm's correction, and the verdict. Pure, and the same for the same measurements and seed.
 *
 * @throws RangeError when there is no example
 */
export function summariseMeasurements(measurements: Measurements): EvaluationResult {
  const { data, candidates, metrics, latencies, seed } = measurements;
  const estimates: Record<string, Record<string, MetricEstimate>> = Object.fromEntries(
    candidates.map((name) => [name, {}]),
  );
  const pairs: PairComparison[] = [];
  for (const metric of metrics) {
    const n = (metric.numbers[0]?.length ?? 0) / metric.statistic.size;
    if (n === 0) throw new RangeError('There are no examples to score.');
    const resamples = resamplesFor(n);
    const distributions = bootstrapAdditive(metric.statistic, metric.numbers, { n, resamples, seed });
    candidates.forEach((name, i) => {
      const [numbers, distribution] = [metric.numbers[i], distributions[i]];
      const own = estimates[name];
      if (!numbers || !distribution || !own)
        throw new RangeError(`${metric.name} lacks the candidate ${name}.`);
      own[metric.name] = estimateAdditive(metric.statistic, numbers, distribution);
    });
    pairs.push(...comparePairs(candidates, metric, distributions, { rounds: resamples, seed }));
  }
  latencies?.forEach((values, i) =>
    Object.assign(estimates[candidates[i] ?? ''] ?? {}, estimateLatency(values)),
  );
  const summary = { data, candidates: estimates, pairs };
  return { type: 'result', ...summary, verdict: writeVerdict(summary) };
}

function comparePairs(
  names: readonly string[],
  { name: metric, statistic, numbers }: MeasuredMetric,
  distributions: readonly Float64Array[],
  options: { rounds: number; seed: number },
): PairComparison[] {
  return compareEveryPair(names, metric, (earlier, later, alpha) => {
    const [ofA, ofB] = [distributions[earlier], distributions[later]];
    const [own, others] = [numbers[earlier], numbers[later]];
    if (!ofA || !ofB || !own || !others) return undefined;
    const differences = ofB.map((value, i) => value - (ofA[i] ?? 0));
    return compareAdditive(statistic, own, others, { differences, alpha, ...options });
  });
}
