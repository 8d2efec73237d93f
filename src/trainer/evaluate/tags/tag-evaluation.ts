import type { ResolvedEvaluate } from '../../../language/resolved.ts';
import { TAG_EVALUATION } from '../../../language/schema/metrics.ts';
import { TunebookError } from '../../../protocol/error.ts';
import type { ClassifierCandidate } from '../classifier-evaluation.ts';

export type TagMetric = (typeof TAG_EVALUATION)[number] | 'latency';

/** An evaluation of taggers: token classifiers on rows of tagged words. */
export interface TagEvaluation extends Omit<ResolvedEvaluate, 'candidates' | 'metrics' | 'assertions'> {
  candidates: Record<string, ClassifierCandidate>;
  metrics: TagMetric[];
}

const KNOWN: readonly TagMetric[] = [...TAG_EVALUATION, 'latency'];

/**
 * An evaluation as one of taggers; undefined for rows of other formats, and for a benchmark.
 * @throws TunebookError `evaluate/unsupported` where a candidate writes, or what it writes is measured
 */
export function asTagEvaluation(evaluation: ResolvedEvaluate): TagEvaluation | undefined {
  const { candidates, metrics, assertions, ...rest } = evaluation;
  if (evaluation.data.dataset.format !== 'tokens' || evaluation.benchmark !== undefined) return undefined;
  const taggers: Record<string, ClassifierCandidate> = {};
  for (const [name, candidate] of Object.entries(candidates)) {
    if ('endpoint' in candidate || candidate.prompt || candidate.generation)
      throw unsupported(
        evaluation,
        `the candidate "${name}" writes its answers, from which no tag of a word can be read`,
        'Give a `run` or a `model` without a `prompt`: one of the task token-classification. To compare written answers, keep the entities of each row as its `completion`, in a data set of format "prompt-completion".',
      );
    taggers[name] = candidate;
  }
  const strange = metrics.find((metric) => !KNOWN.some((each) => each === metric));
  if (strange !== undefined || assertions || evaluation.judge)
    throw unsupported(
      evaluation,
      strange === undefined
        ? `${assertions ? '`assertions` are' : 'a `judge` is'} about written answers`
        : `the metric \`${strange}\` is of other rows`,
      `Measure some of ${KNOWN.join(', ')}.`,
    );
  return {
    ...rest,
    candidates: taggers,
    metrics: metrics.flatMap((metric) => KNOWN.filter((each) => each === metric)),
  };
}

function unsupported(
  { data: { dataset, split }, file }: ResolvedEvaluate,
  why: string,
  hint: string,
): TunebookError {
  return new TunebookError(
    'evaluate/unsupported',
    `The rows of ${dataset.name}.${split} are tagged words (format "tokens"), and ${why}.`,
    { hint, location: { file } },
  );
}
