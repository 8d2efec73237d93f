import type { ResolvedEvaluate } from '../../language/resolved.ts';
import { EVALUATE_METRICS, type EvaluateMetric } from './summarise.ts';

/** A candidate that gives a label by itself: a run, or a model folder. */
export type ClassifierCandidate = { run: string } | { model: string };

/** An evaluation of classifiers alone: candidates that give labels, and metrics of labels. */
export interface ClassifierEvaluation extends Omit<
  ResolvedEvaluate,
  'candidates' | 'metrics' | 'assertions'
> {
  candidates: Record<string, ClassifierCandidate>;
  metrics: EvaluateMetric[];
}

/** An evaluation as one of classifiers; undefined where some answer is written or chosen by a prompt, or is measured by more than its label. */
export function asClassifierEvaluation(evaluation: ResolvedEvaluate): ClassifierEvaluation | undefined {
  const { candidates, metrics, assertions, ...rest } = evaluation;
  const classifiers: Record<string, ClassifierCandidate> = {};
  for (const [name, candidate] of Object.entries(candidates)) {
    if ('endpoint' in candidate || candidate.prompt || candidate.generation) return undefined;
    classifiers[name] = candidate;
  }
  const known = EVALUATE_METRICS.filter((metric) => metrics.includes(metric));
  const isOfLabels = evaluation.data.dataset.format === 'classification' && known.length === metrics.length;
  if (!isOfLabels || assertions || evaluation.benchmark !== undefined) return undefined;
  // In the order that was asked for: the verdict goes by the first.
  const order = new Map(metrics.map((metric, place) => [metric, place]));
  return {
    ...rest,
    candidates: classifiers,
    metrics: [...known].sort((a, b) => order.get(a)! - order.get(b)!),
  };
}
