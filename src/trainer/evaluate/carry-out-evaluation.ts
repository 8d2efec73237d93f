import type { ResolvedEvaluate } from '../../language/resolved.ts';
import { asClassifierEvaluation } from './classifier-evaluation.ts';
import type { EvaluateOutcome, EvaluateRequest } from './conduct-evaluation.ts';
import { TunebookError } from '../../protocol/error.ts';
import { evaluate } from './run-evaluation.ts';
import { settleFormats } from './settle-formats.ts';
import { evaluateTags } from './tags/run.ts';
import { asTagEvaluation } from './tags/tag-evaluation.ts';
import { asTargetEvaluation } from './targets/target-evaluation.ts';
import { evaluateTargets } from './targets/run.ts';
import { evaluateWritten } from './written/run-written-evaluation.ts';

/**
 * Measures every candidate of an evaluation on the same rows, whether they classify or write. In the directory of an evaluation that was
 * interrupted it goes on behind the last answer.
 * @throws TunebookError what a person can mend; the answers so far are kept
 */
export async function carryOutEvaluation({
  evaluation: asked,
  ...context
}: EvaluateRequest<ResolvedEvaluate>): Promise<EvaluateOutcome> {
  const evaluation = await settleFormats(asked);
  const targets = asTargetEvaluation(evaluation);
  const tags = asTagEvaluation(evaluation);
  const isOfClassifiers =
    targets !== undefined || tags !== undefined || asClassifierEvaluation(evaluation) !== undefined;
  if (isOfClassifiers && evaluation.repeats !== undefined)
    throw new TunebookError(
      'evaluate/unsupported',
      'Classifiers answer the same each time, so `repeats` would show no spread.',
      { hint: 'Remove `repeats`.', location: { file: evaluation.file } },
    );
  if (targets) return await evaluateTargets({ evaluation: targets, ...context });
  if (tags) return await evaluateTags({ evaluation: tags, ...context });
  const classifiers = evaluation.judge ? undefined : asClassifierEvaluation(evaluation);
  return await (classifiers
    ? evaluate({ evaluation: classifiers, ...context })
    : evaluateWritten({ evaluation, ...context }));
}
