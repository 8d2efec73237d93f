import type { CandidateSource, EvaluationResult } from '../../../protocol/evaluation.ts';
import { round } from '../answer-examples.ts';
import { answerWithClassifiers, readTexts } from '../answer-with-classifiers.ts';
import {
  conductEvaluation,
  SEED,
  type EvaluateOutcome,
  type EvaluateRequest,
} from '../conduct-evaluation.ts';
import { prepareTargets, type PreparedTargets } from './prepare.ts';
import { TargetSheet, type TargetAnswer } from './sheet.ts';
import { summariseTargets } from './summarise.ts';
import type { TargetEvaluation } from './target-evaluation.ts';

/**
 * As `evaluate` of classifiers, for rows with several labels or with a number.
 * @throws TunebookError what a person can mend; the answers so far are kept
 */
export async function evaluateTargets(request: EvaluateRequest<TargetEvaluation>): Promise<EvaluateOutcome> {
  const { evaluation, writer } = request;
  return await conductEvaluation(request, {
    prepare: (signal) => prepareTargets(evaluation, writer, signal),
    answer: (prepared, signal) =>
      answerWithClassifiers(request, {
        prepared,
        openSheet: (found) => new TargetSheet(prepared, found, writer.dir),
        answererOf: async (candidate) => ({
          ...(await readTexts(prepared.examples, candidate, signal)),
          outputs: prepared.width,
          answerOf: answerOf(prepared, prepared.ofOutput.get(candidate.name)!),
        }),
      }),
    conclude,
  });
}

/** Nine digits tell every float32 from its neighbours. */
const float32 = (value: number) => Number(value.toPrecision(9));

/** What the logits of a row say: the number itself, or each label whose probability is above a half, with that of the whole answer. */
function answerOf(
  { evaluation }: PreparedTargets,
  ofOutput: Int32Array,
): (logits: Float32Array, row: number, latency: number) => TargetAnswer {
  if (evaluation.problem === 'regression')
    return (logits, row, latency) => ({
      row,
      values: Float64Array.of(float32(logits[0]!)),
      score: 1,
      latency,
    });
  return (logits, row, latency) => {
    const values = new Float64Array(logits.length);
    let score = 1;
    logits.forEach((logit, output) => {
      if (logit > 0) values[ofOutput[output]!] = 1;
      score /= 1 + Math.exp(-Math.abs(logit));
    });
    return { row, values, score: round(score), latency };
  };
}

function conclude(prepared: PreparedTargets, sheet: TargetSheet): EvaluationResult {
  const { evaluation, examples, labels, references, width, candidates } = prepared;
  const { metrics } = evaluation;
  const result = summariseTargets({
    data: examples.data,
    labels,
    references,
    width,
    candidates: sheet.all,
    metrics,
    seed: SEED,
  });
  const sources = candidates.map(({ name, source }): [string, CandidateSource] => {
    const lacks = metrics.filter((metric) => result.candidates[name]?.[metric] === undefined);
    const note = `${lacks.join(' and ')} ${lacks.length === 1 ? 'is' : 'are'} not defined where all answers, or all true numbers, are the same.`;
    return [name, lacks.length === 0 ? source : { ...source, notes: [...(source.notes ?? []), note] }];
  });
  return { ...result, sources: Object.fromEntries(sources) };
}
