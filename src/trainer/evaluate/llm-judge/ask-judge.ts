import type { ResolvedEvaluate } from '../../../language/resolved.ts';
import type { CandidateOutput, EvaluationRecord } from '../../../protocol/evaluation.ts';
import { answerByAll, type EvaluateRequest } from '../conduct-evaluation.ts';
import type { WrittenAnswer } from '../written/answer.ts';
import { answerByEndpoint, type Lack } from '../written/answer-by-endpoint.ts';
import { askChoice, chooseLabels } from '../written/choose-label.ts';
import { checkLengths } from '../written/check-lengths.ts';
import type { Retry } from '../written/endpoint-client.ts';
import type { Item, Items } from '../written/items.ts';
import { WrittenSheet } from '../written/sheet.ts';
import { JUDGE, type PreparedJudge } from './prepare-judge.ts';

/** What a judge is asked with, whatever it is asked. */
export interface JudgeAsking {
  readonly judge: PreparedJudge;
  readonly items: Items;
  readonly workspace: string;
  readonly signal: AbortSignal;
  readonly onRetry: (retry: Retry) => void;
}

/** What a judge is asked, and what becomes of its answers. */
export interface JudgeTask<Record extends EvaluationRecord> {
  /** Where they are kept, in the run directory. */
  readonly file: string;
  /** `[n]`. */
  readonly questions: readonly Item[];
  /** What a model of this machine chooses among. */
  readonly wordsOf: (question: number) => readonly string[];
  /** What makes an answer none, so that it is asked for again. */
  readonly lackOf?: (question: number, text: string) => Lack | undefined;
  readonly record: (question: number, output: string) => Omit<Record, keyof EvaluationRecord>;
  /** Whether an answer of an earlier life counts; it is asked for again where it does not. */
  readonly isKept?: (record: EvaluationRecord) => boolean;
  /** Is told of each answer that is written down. @throws TunebookError to ask no more */
  readonly onKept?: (question: number, output: string) => void;
}

/**
 * Asks the judge and writes each answer of it down with the prompt as it was sent. A model of this machine chooses the likeliest of the
 * words; one behind an endpoint writes. Goes on behind the last answer of an earlier life.
 * @returns its answers, one a question; undefined when it was stopped
 * @throws TunebookError what a person can mend; the answers so far are kept
 */
export async function askJudge<Record extends EvaluationRecord>(
  request: Pick<EvaluateRequest<ResolvedEvaluate>, 'writer' | 'device'>,
  { judge: { candidate }, items: { data }, workspace, signal, onRetry }: JudgeAsking,
  { file, questions: list, wordsOf, lackOf, record, isKept = () => true, onKept }: JudgeTask<Record>,
): Promise<CandidateOutput[] | undefined> {
  const sheet = await answerByAll(request, {
    file,
    candidates: [candidate],
    rows: list.length,
    openSheet: (found) =>
      new WrittenSheet(
        { items: { data, kind: 'label', list }, candidates: [JUDGE], metrics: [], workspace },
        found.filter(isKept),
        request.writer.dir,
      ),
    answer: async (_, { sheet, device, keep }) => {
      const open = sheet.open(JUDGE);
      if (open.length === 0) return true;
      const onAnswer = (answer: WrittenAnswer) => {
        // What a question is about stands at the end of its line, where readers look for it.
        keep([{ ...sheet.add(JUDGE, answer), ...record(answer.row, answer.output) }]);
        onKept?.(answer.row, answer.output);
      };
      const common = { items: list, signal, onAnswer };
      if (candidate.kind === 'endpoint')
        return await answerByEndpoint({
          ...common,
          open,
          candidate,
          labels: undefined,
          needsUsage: false,
          onRetry,
          ...(lackOf ? { lackOf } : {}),
        });
      const asked = open.map((row) => askChoice(candidate, list[row]!, row, wordsOf(row)));
      checkLengths([{ candidate, rows: asked }], list);
      return await chooseLabels({ ...common, candidate, asked, threads: device.threads });
    },
  });
  return sheet?.outputs(JUDGE);
}
