import type { MetricEstimate } from '../../protocol/evaluation.ts';
import { classificationMetrics } from './metrics.ts';
import { leaveOneOutMacroF1 } from './macro-f1.ts';
import { bcaInterval, jackknifeAcceleration } from './statistics/bca.ts';
import { sorted } from './statistics/percentile.ts';
import { quantileWithInterval } from './statistics/quantile-interval.ts';
import { wilsonInterval } from './statistics/wilson.ts';

/** How many examples were answered rightly. */
export function countRight(predictions: Int32Array, references: Int32Array): number {
  return references.reduce((right, reference, i) => right + Number(reference === predictions[i]), 0);
}

/** Accuracy (and micro-F1, which is the same number with one label an example) with Wilson's interval. Arrays are `[n]`. */
export function estimateAccuracy(predictions: Int32Array, references: Int32Array): MetricEstimate {
  const n = references.length;
  const right = countRight(predictions, references);
  return { value: right / n, ci: wilsonInterval(right, n), n };
}

/**
 * Macro-F1 with the BCa interval of its bootstrap distribution. Where every resample gives the same value (no example
 * was wrong, or all of one label were) the bootstrap knows no uncertainty; Wilson's interval of the accuracy then stands in.
 *
 * @param distribution `[resamples]` from `bootstrapMacroF1`
 */
export function estimateMacroF1(
  predictions: Int32Array,
  references: Int32Array,
  labels: readonly string[],
  distribution: Float64Array,
): MetricEstimate {
  const value = classificationMetrics(predictions, references, labels).macro_f1;
  const acceleration = jackknifeAcceleration(leaveOneOutMacroF1(predictions, references, labels.length));
  const ci = bcaInterval(distribution, value, acceleration) ?? estimateAccuracy(predictions, references).ci;
  return { value, ci, n: references.length };
}

/**
 * Median and 95th percentile of milliseconds per example, each with a distribution-free interval.
 *
 * @param latencies `[n]` in milliseconds
 */
export function estimateLatency(latencies: Float64Array): Record<'latency' | 'latency_p95', MetricEstimate> {
  const values = sorted(latencies);
  return {
    latency: { ...quantileWithInterval(values, 0.5), n: values.length },
    latency_p95: { ...quantileWithInterval(values, 0.95), n: values.length },
  };
}
