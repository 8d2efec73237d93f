import type {
  ConfusionMatrix,
  EvaluationResult,
  LabelScore,
  MetricEstimate,
  PairComparison,
} from '../../protocol/evaluation.ts';
import { confusionRows, countConfusions } from './confusion.ts';
import { estimateAccuracy, estimateLatency, estimateMacroF1 } from './estimate.ts';
import { scoreLabels } from './label-scores.ts';
import { bootstrapMacroF1 } from './macro-f1.ts';
import { compareAccuracy, compareMacroF1 } from './pair.ts';
import { resamplesFor } from './statistics/bootstrap.ts';
import { compareEveryPair } from './statistics/pairs.ts';
import { writeVerdict } from './verdict.ts';

/** Metrics that an `evaluate:` document may name. */
export const EVALUATE_METRICS = ['accuracy', 'macro_f1', 'micro_f1', 'latency'] as const;
export type EvaluateMetric = (typeof EVALUATE_METRICS)[number];

/** What one candidate made of all examples; arrays are `[n]`. */
export interface CandidateAnswers {
  name: string;
  /** Label indices. */
  predictions: Int32Array;
  /** Milliseconds. */
  latencies: Float64Array;
}

export interface Answers {
  /** The data set and split, as written in the config. */
  data: string;
  labels: readonly string[];
  /** `[n]` label indices. */
  references: Int32Array;
  /** In the order of the config, so that a pair's difference is "later minus earlier". */
  candidates: readonly CandidateAnswers[];
  /** Most important first. */
  metrics: readonly EvaluateMetric[];
  seed: number;
}

/**
 * All that is computed from the answers: metrics with intervals, pairs with tests, verdict, confusions, label scores. Pure, and
 * the same for the same answers and seed. Latency has intervals and no pairs: it is measured, not sampled with the examples.
 *
 * @throws RangeError when there is no example
 */
export function summarise(answers: Answers): EvaluationResult {
  const { labels, references, candidates, metrics, seed } = answers;
  if (references.length === 0) throw new RangeError('There are no examples to score.');
  const predictions = candidates.map((candidate) => candidate.predictions);
  const distributions = metrics.includes('macro_f1')
    ? bootstrapMacroF1(predictions, references, labels.length, {
        resamples: resamplesFor(references.length),
        seed,
      })
    : [];
  const estimates: Record<string, Record<string, MetricEstimate>> = {};
  const confusion: Record<string, ConfusionMatrix> = {};
  const perLabel: Record<string, LabelScore[]> = {};
  candidates.forEach(({ name, predictions, latencies }, index) => {
    const own: Record<string, MetricEstimate> = (estimates[name] = {});
    for (const metric of metrics) {
      if (metric === 'latency') Object.assign(own, estimateLatency(latencies));
      else if (metric === 'macro_f1') {
        own[metric] = estimateMacroF1(
          predictions,
          references,
          labels,
          distributions[index] ?? new Float64Array(),
        );
      } else own[metric] = estimateAccuracy(predictions, references);
    }
    const counts = countConfusions(predictions, references, labels.length);
    confusion[name] = { labels: [...labels], counts: confusionRows(counts, labels.length) };
    perLabel[name] = scoreLabels(counts, labels);
  });
  const pairs = metrics.flatMap((metric) =>
    metric === 'latency' ? [] : comparePairs(answers, metric, distributions),
  );
  const summary = { data: answers.data, candidates: estimates, pairs };
  return { type: 'result', ...summary, verdict: writeVerdict(summary), confusion, perLabel };
}

/** Every pair of candidates on one metric, with Holm's correction over the pairs. */
function comparePairs(
  { labels, references, candidates, seed }: Answers,
  metric: 'accuracy' | 'macro_f1' | 'micro_f1',
  distributions: readonly Float64Array[],
): PairComparison[] {
  const names = candidates.map(({ name }) => name);
  return compareEveryPair(names, metric, (earlier, later, alpha) => {
    const pair = {
      a: candidates[earlier]!.predictions,
      b: candidates[later]!.predictions,
      references,
    };
    if (metric !== 'macro_f1') return compareAccuracy(pair, alpha);
    const [ofA, ofB] = [distributions[earlier]!, distributions[later]!];
    return compareMacroF1(pair, {
      labels,
      differences: ofB.map((value, i) => value - (ofA[i] ?? 0)),
      alpha,
      rounds: resamplesFor(references.length),
      seed,
    });
  });
}
