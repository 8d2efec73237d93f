import type { ResolvedEvaluate } from '../../../language/resolved.ts';
import { problemTypeOf } from '../../../language/schema/formats.ts';
import { PROBLEM_EVALUATION } from '../../../language/schema/metrics.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { isTargetFormat } from '../../data/targets.ts';
import type { ClassifierCandidate } from '../classifier-evaluation.ts';

type Problem = 'multi_label_classification' | 'regression';

export type TargetMetric = (typeof PROBLEM_EVALUATION)[Problem][number] | 'latency';

/** An evaluation of text classifiers on rows with several labels, or with a number. */
export interface TargetEvaluation extends Omit<ResolvedEvaluate, 'candidates' | 'metrics' | 'assertions'> {
  problem: Problem;
  candidates: Record<string, ClassifierCandidate>;
  metrics: TargetMetric[];
}

/**
 * An evaluation as one of rows with several labels or with a number; undefined for rows of other formats, and for a benchmark.
 * @throws TunebookError `evaluate/unsupported` where a candidate writes, or what it writes is measured
 */
export function asTargetEvaluation(evaluation: ResolvedEvaluate): TargetEvaluation | undefined {
  const { candidates, metrics, assertions, ...rest } = evaluation;
  const { format } = evaluation.data.dataset;
  if (!isTargetFormat(format) || evaluation.benchmark !== undefined) return undefined;
  const problem = format === 'regression' ? 'regression' : 'multi_label_classification';
  const classifiers: Record<string, ClassifierCandidate> = {};
  for (const [name, candidate] of Object.entries(candidates)) {
    if ('endpoint' in candidate || candidate.prompt || candidate.generation)
      throw unsupported(
        evaluation,
        `the candidate "${name}" writes its answers`,
        'Give a `run` or a `model` without a `prompt`: a classifier that was trained on such rows.',
      );
    classifiers[name] = candidate;
  }
  const known: readonly TargetMetric[] = [...PROBLEM_EVALUATION[problem], 'latency'];
  const strange = metrics.find((metric) => !known.some((each) => each === metric));
  if (strange !== undefined || assertions || evaluation.judge)
    throw unsupported(
      evaluation,
      strange === undefined
        ? `${assertions ? '`assertions` are' : 'a `judge` is'} about written answers`
        : `the metric \`${strange}\` is of other rows`,
      `Measure some of ${known.join(', ')}.`,
    );
  const wanted = metrics.flatMap((metric) => known.filter((each) => each === metric));
  return { ...rest, problem, candidates: classifiers, metrics: wanted };
}

function unsupported(
  { data: { dataset, split }, file }: ResolvedEvaluate,
  why: string,
  hint: string,
): TunebookError {
  const what = problemTypeOf(dataset.format) === 'regression' ? 'numbers' : 'several labels each';
  return new TunebookError(
    'evaluate/unsupported',
    `The rows of ${dataset.name}.${split} have ${what} (format "${dataset.format}"), and ${why}.`,
    { hint, location: { file } },
  );
}
