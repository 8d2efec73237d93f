import type { ResolvedEvaluate } from '../../../language/resolved.ts';
import type { JudgementRecord } from '../../../protocol/evaluation.ts';
import { RUN_FILES } from '../../../protocol/run.ts';
import type { EvaluateRequest } from '../conduct-evaluation.ts';
import type { CandidateOutputs } from '../written/answer.ts';
import { askJudge, type JudgeAsking } from './ask-judge.ts';
import { questionsOf, VERDICT_WORDS, verdictIn } from './questions.ts';
import type { Judgements } from './win-rate.ts';

/**
 * Has the judge compare the answers of every two candidates, in both orders, and writes each answer of it to `judgements.jsonl`.
 * @returns undefined when it was stopped
 * @throws TunebookError what a person can mend; the answers so far are kept
 */
export async function compareAnswers(
  request: Pick<EvaluateRequest<ResolvedEvaluate>, 'writer' | 'device'>,
  candidates: readonly CandidateOutputs[],
  asking: JudgeAsking,
): Promise<Judgements | undefined> {
  const { judge, items } = asking;
  const questions = questionsOf(candidates, items.list, judge);
  const outputs = await askJudge<JudgementRecord>(request, asking, {
    file: RUN_FILES.judgements,
    questions: questions.map(({ item }) => item),
    wordsOf: () => VERDICT_WORDS,
    record: (question, output) => {
      const { row, first, second } = questions[question]!;
      const verdict = verdictIn(output);
      return { ...(verdict === undefined ? {} : { verdict }), row, first, second };
    },
  });
  return (
    outputs && {
      judge: judge.about,
      questions,
      verdicts: outputs.map(({ output }) => verdictIn(output)),
    }
  );
}
