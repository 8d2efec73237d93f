import type { EvaluationResult, LabelScore } from '../../../protocol/evaluation.ts';
import type { AdditiveStatistic } from '../statistics/additive.ts';
import type { ResampledMetric } from '../statistics/resampled.ts';
import { MEAN } from '../summarise-measurements.ts';
import { QUOTIENT, summariseMetrics, type SummedMetric } from '../summarise-metrics.ts';
import { writeVerdict } from '../verdict.ts';
import { pearsonMetric, spearmanMetric } from './correlations.ts';
import { labelMacroF1 } from './label-macro-f1.ts';
import { countLabels, rowNumbers, scoreLabelCounts, type LabelFlags } from './label-metrics.ts';
import { R2, r2Numbers } from './number-metrics.ts';
import type { TargetMetric } from './target-evaluation.ts';

/** What an evaluation of several labels or of numbers has measured. */
export interface TargetMeasurements {
  /** The data set and split, as written in the config. */
  readonly data: string;
  /** The labels; none for numbers. */
  readonly labels: readonly string[];
  /** `[rows, width]`, like the values of each candidate. */
  readonly references: Float64Array;
  readonly width: number;
  /** In the order of the config, so that a pair's difference is "later minus earlier". */
  readonly candidates: readonly {
    readonly name: string;
    readonly values: Float64Array;
    /** Milliseconds, `[rows]`. */
    readonly latencies: Float64Array;
  }[];
  /** Most important first. */
  readonly metrics: readonly TargetMetric[];
  readonly seed: number;
}

/**
 * Metrics with intervals, pairs with tests and Holm's correction, the verdict, and the scores of every label. A metric that is not
 * defined for a candidate, as a correlation of answers that are all the same, is left out for it. Pure, and the same for the same
 * answers and seed.
 *
 * @throws RangeError when there is no example
 */
export function summariseTargets(measured: TargetMeasurements): EvaluationResult {
  const { data, labels, references, width, candidates, metrics, seed } = measured;
  const n = references.length / width;
  if (!(n > 0)) throw new RangeError('There are no examples to score.');
  const { estimates, pairs } = summariseMetrics(candidates, {
    metrics,
    n,
    seed,
    metricOf: (name) => metricOf(name, measured),
  });
  const summary = { data, candidates: estimates, pairs };
  const perLabel = labels.length > 0 ? { perLabel: scoresOf(measured) } : {};
  return { type: 'result', ...summary, verdict: writeVerdict(summary), ...perLabel };
}

function metricOf(
  name: Exclude<TargetMetric, 'latency'>,
  { references, width, candidates }: TargetMeasurements,
): SummedMetric | ResampledMetric {
  const values = candidates.map((each) => each.values);
  const truth = Uint8Array.from(references);
  const flags = values.map((own) => Uint8Array.from(own));
  const rows = references.length / width;
  const ofRows = (statistic: AdditiveStatistic, numbers: (right: number, both: number) => number[]) => ({
    name,
    statistic,
    numbers: flags.map((own) => rowwise(own, truth, width, rows, numbers)),
  });
  const ofErrors = (of: (error: number) => number) => ({
    name,
    statistic: MEAN,
    numbers: values.map((own) => own.map((value, i) => of(value - references[i]!))),
  });
  switch (name) {
    case 'micro_f1':
      return ofRows(QUOTIENT, (right, both) => [2 * right, both]);
    case 'samples_f1':
      return ofRows({ ...MEAN, largest: 1 }, (right, both) => [both === 0 ? 0 : (2 * right) / both]);
    case 'accuracy':
      return ofRows(MEAN, (right, both) => [Number(2 * right === both)]);
    case 'hamming_loss':
      return ofRows({ ...MEAN, largest: 1 }, (right, both) => [(both - 2 * right) / width]);
    case 'macro_f1':
      return labelMacroF1(flags, truth, width);
    case 'mse':
      return ofErrors((error) => error * error);
    case 'mae':
      return ofErrors(Math.abs);
    case 'r2':
      return { name, statistic: R2, numbers: values.map((own) => r2Numbers(own, references)) };
    case 'pearson':
      return pearsonMetric(values, references);
    case 'spearmanr':
      return spearmanMetric(values, references);
  }
}

function rowwise(
  flags: LabelFlags,
  truth: LabelFlags,
  width: number,
  rows: number,
  numbers: (right: number, both: number) => number[],
): Float64Array {
  return Float64Array.from(
    Array.from({ length: rows }, (_, row) => {
      const { right, both } = rowNumbers(flags, truth, width, row);
      return numbers(right, both);
    }).flat(),
  );
}

function scoresOf({
  candidates,
  references,
  width,
  labels,
}: TargetMeasurements): Record<string, LabelScore[]> {
  const truth = Uint8Array.from(references);
  return Object.fromEntries(
    candidates.map(({ name, values }) => [
      name,
      scoreLabelCounts(countLabels(Uint8Array.from(values), truth, width), labels),
    ]),
  );
}
