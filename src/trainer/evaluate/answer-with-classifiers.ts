import type { EvaluationRecord } from '../../protocol/evaluation.ts';
import { formatPercent } from '../../protocol/format.ts';
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

/** The rows as one candidate reads them. */
export interface Reading extends Pick<AnswerOptions<never>, 'sequences' | 'batchOf' | 'targetsOf'> {
  /** What of them it does not read, as a sentence; undefined where it reads all. */
  readonly cut: string | undefined;
  /** Rows of which it reads nothing, so that there is nothing to compute. */
  readonly unread?: readonly number[];
}

/** How a candidate answers. */
export type Answerer<Answer> = Reading & Pick<AnswerOptions<Answer>, 'outputs' | 'answerOf'>;

/**
 * Has every classifier answer the examples that it has not answered yet.
 * @param answererOf the rows as a candidate reads them, how many outputs its classifier has, and what the logits of a row say
 * @returns the sheet with all answers; undefined when it was stopped
 * @throws those of `answerExamples`; the signal's reason when aborted
 */
export function answerWithClassifiers<Answer, Own extends Sheet<Answer>>(
  request: Omit<EvaluateRequest<unknown>, 'evaluation'>,
  {
    prepared: { examples, candidates },
    openSheet,
    answererOf,
  }: {
    readonly prepared: { readonly examples: TextExamples; readonly candidates: readonly Candidate[] };
    readonly openSheet: (found: readonly EvaluationRecord[]) => Own;
    readonly answererOf: (candidate: Candidate) => Promise<Answerer<Answer>>;
  },
): Promise<Own | undefined> {
  const { writer, stop } = request;
  const rows = examples.texts.length;
  return answerByAll(request, {
    candidates,
    rows,
    openSheet,
    answer: async (candidate, { sheet, device, keep }) => {
      const { name } = candidate;
      const { answered } = sheet.of(name);
      if (answered === rows) return true;
      const { cut, unread = [], ...answerer } = await answererOf(candidate);
      if (cut !== undefined && answered === 0)
        writer.event({ type: 'warning', code: 'data/truncated', message: cut });
      const blank = unread.map((row) => answerer.answerOf(new Float32Array(), row, 0));
      keep(sheet.add(name, blank));
      return await answerExamples({
        candidate,
        examples,
        ...answerer,
        device,
        stop,
        isOpen: (row) => sheet.isOpen(name, row),
        onAnswers: (answers) => keep(sheet.add(name, answers)),
      });
    },
  });
}

/**
 * Examples as a classifier of whole texts reads them.
 * @throws the signal's reason when aborted
 */
export async function readTexts(
  examples: TextExamples,
  { name, tokenizer, maxLength }: Candidate,
  signal: AbortSignal,
): Promise<Reading> {
  const { sequences, truncated } = await tokenizeExamples(examples, tokenizer, maxLength, signal);
  const rows = examples.texts.length;
  const cut = `"${name}" reads ${maxLength} tokens: the end of ${truncated} of ${rows} examples (${formatPercent(truncated / rows)}) was cut off for it.`;
  return { sequences, cut: truncated > 0 ? cut : undefined };
}
