import type { ClassifierEvaluation } from './classifier-evaluation.ts';
import type { EvaluationResult } from '../../protocol/evaluation.ts';
import { formatPercent } from '../../protocol/format.ts';
import type { RunWriter } from '../../runs/writer.ts';
import { answerExamples, choose } from './answer-examples.ts';
import { AnswerSheet } from './answers.ts';
import type { Candidate } from './candidate.ts';
import {
  answerByAll,
  conductEvaluation,
  SEED,
  type EvaluateOutcome,
  type EvaluateRequest,
} from './conduct-evaluation.ts';
import { tokenizeExamples } from './examples.ts';
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
    answer: (prepared, signal) => answerAll(request, prepared, signal),
    conclude: (prepared, sheet) => conclude(evaluation, prepared, sheet),
  });
}

function answerAll(
  request: EvaluateRequest<ClassifierEvaluation>,
  prepared: PreparedEvaluation,
  signal: AbortSignal,
): Promise<AnswerSheet | undefined> {
  const { writer, stop } = request;
  const { examples, agreed, candidates } = prepared;
  const rows = examples.texts.length;
  return answerByAll(request, {
    candidates,
    rows,
    openSheet: (found) => new AnswerSheet(prepared, found, writer.dir),
    answer: async (candidate, { sheet, device, keep }) => {
      const { name, tokenizer, maxLength } = candidate;
      const so = sheet.of(name);
      if (so.answered === rows) return true;
      const { sequences, truncated } = await tokenizeExamples(examples, tokenizer, maxLength, signal);
      if (truncated > 0 && so.answered === 0) warnTruncated(candidate, truncated, rows, writer);
      const labelOf = agreed.ofOutput.get(name)!;
      return await answerExamples({
        candidate,
        examples,
        sequences,
        outputs: labelOf.length,
        answerOf: choose(labelOf),
        device,
        stop,
        isOpen: (row) => so.predictions[row] === -1,
        onAnswers: (answers) => keep(sheet.add(name, answers)),
      });
    },
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

/** Tells that the ends of some examples are not read. */
export function warnTruncated(
  { name, maxLength }: Candidate,
  truncated: number,
  examples: number,
  writer: RunWriter,
): void {
  writer.event({
    type: 'warning',
    code: 'data/truncated',
    message: `"${name}" reads ${maxLength} tokens: the end of ${truncated} of ${examples} examples (${formatPercent(truncated / examples)}) was cut off for it.`,
  });
}
