import type { ResolvedEvaluate } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { EVALUATE_METRICS, type EvaluateMetric } from './summarise.ts';

/** A candidate that gives a label by itself: a run, or a model folder. */
export type ClassifierCandidate = { run: string } | { model: string };

/** An evaluation that this version can carry out: candidates that give labels, and metrics of labels. */
export interface ClassifierEvaluation extends Omit<
  ResolvedEvaluate,
  'candidates' | 'metrics' | 'assertions'
> {
  candidates: Record<string, ClassifierCandidate>;
  metrics: EvaluateMetric[];
}

/**
 * An evaluation as one of classifiers.
 * @throws TunebookError `evaluate/unsupported` where it asks for what this version cannot measure yet: answers that are written
 *   (`prompt`, `generation`, `endpoint`, `assertions`), or their metrics
 */
export function asClassifierEvaluation(evaluation: ResolvedEvaluate): ClassifierEvaluation {
  const { candidates, metrics, assertions, ...rest } = evaluation;
  const supported = Object.entries(candidates).map(([name, candidate]) => {
    if ('endpoint' in candidate) throw unsupported(evaluation, `asks an \`endpoint\` ("${name}")`);
    const { prompt, generation, ...plain } = candidate;
    if (prompt) throw unsupported(evaluation, `asks "${name}" by a \`prompt\``);
    if (generation) throw unsupported(evaluation, `sets \`generation\` of "${name}"`);
    return [name, plain] as const;
  });
  if (assertions) throw unsupported(evaluation, 'has `assertions` on written answers');
  return {
    ...rest,
    candidates: Object.fromEntries(supported),
    metrics: metrics.map((metric) => {
      const known = EVALUATE_METRICS.find((each) => each === metric);
      if (known === undefined) throw unsupported(evaluation, `measures \`${metric}\``);
      return known;
    }),
  };
}

function unsupported({ name, file }: ResolvedEvaluate, what: string): TunebookError {
  return new TunebookError(
    'evaluate/unsupported',
    `The evaluation "${name}" ${what}, which this version of Tunebook cannot carry out yet.`,
    {
      hint: `It measures runs and model folders that give labels, by ${EVALUATE_METRICS.join(', ')}. Leave out the rest for now.`,
      location: { file },
    },
  );
}
