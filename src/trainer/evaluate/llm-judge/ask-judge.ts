import type { ResolvedEvaluate } from '../../../language/resolved.ts';
import type { JudgementRecord } from '../../../protocol/evaluation.ts';
import { RUN_FILES } from '../../../protocol/run.ts';
import { answerByAll, type EvaluateRequest } from '../conduct-evaluation.ts';
import type { CandidateOutputs, WrittenAnswer } from '../written/answer.ts';
import { answerByEndpoint } from '../written/answer-by-endpoint.ts';
import { askChoice, chooseLabels } from '../written/choose-label.ts';
import { checkLengths } from '../written/check-lengths.ts';
import type { Retry } from '../written/endpoint-client.ts';
import type { Items } from '../written/items.ts';
import { WrittenSheet } from '../written/sheet.ts';
import { JUDGE, type PreparedJudge } from './prepare-judge.ts';
import { questionsOf, VERDICT_WORDS, verdictIn } from './questions.ts';
import type { Judgements } from './win-rate.ts';

export interface JudgeAsking {
  readonly judge: PreparedJudge;
  readonly items: Items;
  readonly candidates: readonly CandidateOutputs[];
  readonly workspace: string;
  readonly signal: AbortSignal;
  readonly onRetry: (retry: Retry) => void;
}

/**
 * Has the judge compare the answers of every two candidates, in both orders, and writes each answer of it to `judgements.jsonl` with the
 * prompt as it was sent. A model of this machine chooses the likeliest of the verdicts; one behind an endpoint writes, and its verdict is
 * read from what it wrote. Goes on behind the last answer of an earlier life.
 * @returns undefined when it was stopped
 * @throws TunebookError what a person can mend; the answers so far are kept
 */
export async function askJudge(
  request: Pick<EvaluateRequest<ResolvedEvaluate>, 'writer' | 'device'>,
  { judge, items, candidates, workspace, signal, onRetry }: JudgeAsking,
): Promise<Judgements | undefined> {
  const { candidate } = judge;
  const questions = questionsOf(candidates, items.list, judge);
  const list = questions.map(({ item }) => item);
  const sheet = await answerByAll(request, {
    file: RUN_FILES.judgements,
    candidates: [candidate],
    rows: list.length,
    openSheet: (found) =>
      new WrittenSheet(
        { items: { data: items.data, kind: 'label', list }, candidates: [JUDGE], metrics: [], workspace },
        found,
        request.writer.dir,
      ),
    answer: async (_, { sheet, device, keep }) => {
      const open = sheet.open(JUDGE);
      if (open.length === 0) return true;
      const onAnswer = (answer: WrittenAnswer) => {
        const { row, first, second } = questions[answer.row]!;
        const verdict = verdictIn(answer.output);
        const told = verdict === undefined ? {} : { verdict };
        // The place of a row stands at the end of its line, where readers look for it.
        const record: JudgementRecord = { ...sheet.add(JUDGE, answer), ...told, row, first, second };
        keep([record]);
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
        });
      const asked = open.map((row) => askChoice(candidate, list[row]!, row, VERDICT_WORDS));
      checkLengths([{ candidate, rows: asked }], list);
      return await chooseLabels({ ...common, candidate, asked, threads: device.threads });
    },
  });
  return (
    sheet && {
      judge: judge.about,
      questions,
      verdicts: sheet.outputs(JUDGE).map(({ output }) => verdictIn(output)),
    }
  );
}
