import type { EvaluationRecord } from '../../protocol/evaluation.ts';
import { formatPercent } from '../../protocol/format.ts';
import type { RunWriter } from '../../runs/writer.ts';
import { answerExamples, type AnswerOptions } from './answer-examples.ts';
import type { Candidate } from './candidate.ts';
import { answerByAll, type EvaluateRequest } from './conduct-evaluation.ts';
import { tokenizeExamples, type TextExamples } from './examples.ts';

/** Where the answers of classifiers are noted. */
interface Sheet<Answer> {
  readonly answered: number;
  of(candidate: string): { readonly answered: number };
  isOpen(candidate: string, row: number): boolean;
  add(candidate: string, answers: readonly Answer[]): EvaluationRecord[];
}

/**
 * Has every classifier answer the examples that it has not answered yet.
 * @param outputsOf how many outputs a candidate's classifier has, and what the logits of a row say
 * @returns the sheet with all answers; undefined when it was stopped
 * @throws those of `answerExamples`; the signal's reason when aborted
 */
export function answerWithClassifiers<Answer, Own extends Sheet<Answer>>(
  request: Omit<EvaluateRequest<unknown>, 'evaluation'>,
  {
    prepared: { examples, candidates },
    openSheet,
    outputsOf,
  }: {
    readonly prepared: { readonly examples: TextExamples; readonly candidates: readonly Candidate[] };
    readonly openSheet: (found: readonly EvaluationRecord[]) => Own;
    readonly outputsOf: (candidate: string) => Pick<AnswerOptions<Answer>, 'outputs' | 'answerOf'>;
  },
  signal: AbortSignal,
): Promise<Own | undefined> {
  const { writer, stop } = request;
  const rows = examples.texts.length;
  return answerByAll(request, {
    candidates,
    rows,
    openSheet,
    answer: async (candidate, { sheet, device, keep }) => {
      const { name, tokenizer, maxLength } = candidate;
      const { answered } = sheet.of(name);
      if (answered === rows) return true;
      const { sequences, truncated } = await tokenizeExamples(examples, tokenizer, maxLength, signal);
      if (truncated > 0 && answered === 0) warnTruncated(candidate, truncated, rows, writer);
      return await answerExamples({
        candidate,
        examples,
        sequences,
        ...outputsOf(name),
        device,
        stop,
        isOpen: (row) => sheet.isOpen(name, row),
        onAnswers: (answers) => keep(sheet.add(name, answers)),
      });
    },
  });
}

/** Tells that the ends of some examples are not read. */
function warnTruncated(
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
