import type { ClassifierEvaluation } from './classifier-evaluation.ts';
import type { EvaluationResult } from '../../protocol/evaluation.ts';
import { choose } from './answer-examples.ts';
import { answerWithClassifiers, readTexts } from './answer-with-classifiers.ts';
import { AnswerSheet } from './answers.ts';
import { conductEvaluation, SEED, type EvaluateOutcome, type EvaluateRequest } from './conduct-evaluation.ts';
import { prepareEvaluation, type PreparedEvaluation } from './prepare-evaluation.ts';
import { summarise } from './summarise.ts';

/**
 * Measures every candidate of an evaluation on the same examples: prepares, answers candidate by candidate with one model in memory at a
 * time, and writes `candidates.json`, `records.jsonl`, `result.json` and the `evaluation` event. In the directory of an evaluation that was
 * interrupted it goes on behind the last answer.
 * @throws TunebookError what a person can mend; the answers so far are kept
 */
export async function evaluate(request: EvaluateRequest<ClassifierEvaluation>): Promise<EvaluateOutcome> {
  const { evaluation, writer } = request;
  return await conductEvaluation(request, {
    prepare: (signal) => prepareEvaluation(evaluation, writer, signal),
    answer: (prepared, signal) =>
      answerWithClassifiers(request, {
        prepared,
        openSheet: (found) => new AnswerSheet(prepared, found, writer.dir),
        answererOf: async (candidate) => {
          const labelOf = prepared.agreed.ofOutput.get(candidate.name)!;
          const reading = await readTexts(prepared.examples, candidate, signal);
          return { ...reading, outputs: labelOf.length, answerOf: choose(labelOf) };
        },
      }),
    conclude: (prepared, sheet) => conclude(evaluation, prepared, sheet),
  });
}

function conclude(
  { metrics }: ClassifierEvaluation,
  { examples, agreed, candidates }: PreparedEvaluation,
  sheet: AnswerSheet,
): EvaluationResult {
  const { labels, references } = agreed;
  const summary = summarise({
    data: examples.data,
    labels,
    references,
    candidates: sheet.all,
    metrics,
    seed: SEED,
  });
  const sources = Object.fromEntries(candidates.map(({ name, source }) => [name, source]));
  return { ...summary, sources };
}
