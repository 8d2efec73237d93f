import type { EvaluationResult, MetricEstimate } from '../../protocol/evaluation.ts';
import { estimateLatency } from './estimate.ts';
import { compareAdditive, estimateAdditive } from './estimate-additive.ts';
import { bootstrapAdditive, type AdditiveStatistic } from './statistics/additive.ts';
import { resamplesFor } from './statistics/bootstrap.ts';
import { compareEveryPair } from './statistics/pairs.ts';
import { compareResampled, estimateResampled, type ResampledMetric } from './statistics/resampled.ts';

/** A metric as sums over examples: `[rows, size]` of each candidate. */
export interface SummedMetric {
  readonly name: string;
  readonly statistic: AdditiveStatistic;
  readonly numbers: readonly Float64Array[];
}

/** One sum over another, 0 where that is 0: F1 from twice the right ones, and those given and true together; precision, recall. */
export const QUOTIENT: AdditiveStatistic = {
  size: 2,
  largest: 1,
  value: (sums) => (sums[1] === 0 ? 0 : (sums[0] ?? 0) / (sums[1] ?? 0)),
};

/** What candidates have of each metric, and every two of them beside each other. */
export interface SummarisedMetrics {
  readonly estimates: Record<string, Record<string, MetricEstimate>>;
  readonly pairs: EvaluationResult['pairs'];
}

/**
 * Metrics with intervals, and pairs with tests and Holm's correction. A metric that is not defined for a candidate, as a correlation of
 * answers that are all the same, is left out for it. Latency has intervals and no pairs: it is measured, not sampled with the examples.
 */
export function summariseMetrics<Metric extends string>(
  candidates: readonly { readonly name: string; readonly latencies: Float64Array }[],
  {
    metrics,
    metricOf,
    n,
    seed,
  }: {
    /** Most important first. */
    readonly metrics: readonly (Metric | 'latency')[];
    readonly metricOf: (name: Metric) => SummedMetric | ResampledMetric;
    /** How many examples there are. */
    readonly n: number;
    readonly seed: number;
  },
): SummarisedMetrics {
  const names = candidates.map(({ name }) => name);
  const options = { resamples: resamplesFor(n), seed };
  const estimates: SummarisedMetrics['estimates'] = {};
  for (const name of names) estimates[name] = {};
  const pairs: EvaluationResult['pairs'] = [];
  for (const name of metrics) {
    if (name === 'latency') {
      for (const each of candidates) Object.assign(estimates[each.name]!, estimateLatency(each.latencies));
      continue;
    }
    const metric = metricOf(name);
    const isSummed = 'statistic' in metric;
    const distributions = isSummed
      ? bootstrapAdditive(metric.statistic, metric.numbers, { ...options, n })
      : metric.bootstrap(options);
    candidates.forEach((each, i) => {
      const estimate = isSummed
        ? estimateAdditive(metric.statistic, metric.numbers[i]!, distributions[i]!)
        : estimateResampled(metric, i, distributions[i]!, n);
      if (estimate) estimates[each.name]![name] = estimate;
    });
    const rounds = options.resamples;
    pairs.push(
      ...compareEveryPair(names, name, (a, b, alpha) => {
        const both = [distributions[a]!, distributions[b]!] as const;
        if (!isSummed) return compareResampled(metric, [a, b], both, { alpha, rounds, seed });
        const differences = both[1].map((value, i) => value - both[0][i]!);
        const [own, others] = [metric.numbers[a]!, metric.numbers[b]!];
        return compareAdditive(metric.statistic, own, others, { differences, alpha, rounds, seed });
      }),
    );
  }
  return { estimates, pairs };
}
