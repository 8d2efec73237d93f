import type { ResolvedEvaluate } from '../../../language/resolved.ts';
import { TunebookError } from '../../../protocol/error.ts';
import type { EvaluationRecord, RubricRecord } from '../../../protocol/evaluation.ts';
import { RUN_FILES } from '../../../protocol/run.ts';
import { quote } from '../../data/problem.ts';
import type { EvaluateRequest } from '../conduct-evaluation.ts';
import type { CandidateOutputs } from '../written/answer.ts';
import { askJudge, type JudgeAsking } from './ask-judge.ts';
import { JUDGE } from './prepare-judge.ts';
import {
  lackOfScore,
  reasonIn,
  scoreIn,
  scoreQuestions,
  scoreWords,
  type Criterion,
  type Rubric,
} from './rubric.ts';
import type { RubricScores } from './rubric-scores.ts';

/** After so many answers without one score by a criterion nothing more is asked: a judge that cannot score is not paid for a thousand more. */
const FIRST_ANSWERS = 10;

/**
 * Has the judge score every answer by every criterion, and writes each answer of it to `rubric.jsonl`. What holds no score is asked for
 * again, and in the next life of the evaluation once more.
 * @returns undefined when it was stopped
 * @throws TunebookError `evaluate/no-score` where none of the first answers by a criterion holds a score, and what a person can mend of the
 *   judge; the answers so far are kept
 */
export async function scoreAnswers(
  request: Pick<EvaluateRequest<ResolvedEvaluate>, 'writer' | 'device'>,
  candidates: readonly CandidateOutputs[],
  rubric: Rubric,
  asking: JudgeAsking & { readonly file: string },
): Promise<RubricScores | undefined> {
  const { judge, items } = asking;
  const questions = scoreQuestions(candidates, items.list, rubric, judge.ask);
  const watch = new FirstAnswers(questions.length / rubric.criteria.length, asking.file, judge.about);
  const outputs = await askJudge<RubricRecord>(request, asking, {
    file: RUN_FILES.rubric,
    questions: questions.map(({ item }) => item),
    wordsOf: (question) => scoreWords(questions[question]!.criterion),
    lackOf: (question, text) => lackOfScore(text, questions[question]!.criterion),
    record: (question, output) => {
      const { row, candidate, criterion } = questions[question]!;
      const score = scoreIn(output, criterion);
      const told = score === undefined ? {} : { score };
      return { reason: reasonIn(output), ...told, row, candidate, criterion: criterion.name };
    },
    isKept: (record) => {
      const criterion = questions[record.index]?.criterion;
      const score = criterion && scoreIn(outputOf(record), criterion);
      if (score !== undefined) watch.add(criterion!, outputOf(record));
      return !criterion || score !== undefined;
    },
    onKept: (question, output) => watch.add(questions[question]!.criterion, output),
  });
  return (
    outputs && {
      judge: judge.about,
      questions,
      scores: outputs.map(({ output }, question) => scoreIn(output, questions[question]!.criterion)),
    }
  );
}

function outputOf({ outputs }: EvaluationRecord): string {
  return outputs[JUDGE]?.output ?? '';
}

/** Whether a criterion gets any score at all. */
class FirstAnswers {
  readonly #all: number;
  readonly #file: string;
  readonly #about: string;
  readonly #without = new Map<string, number>();
  readonly #scored = new Set<string>();

  constructor(all: number, file: string, about: string) {
    this.#all = all;
    this.#file = file;
    this.#about = about;
  }

  /** @throws TunebookError `evaluate/no-score` */
  add(criterion: Criterion, output: string): void {
    const { name, lowest, highest } = criterion;
    if (this.#scored.has(name)) return;
    if (scoreIn(output, criterion) !== undefined) {
      this.#scored.add(name);
      return;
    }
    const without = (this.#without.get(name) ?? 0) + 1;
    this.#without.set(name, without);
    if (without < Math.min(FIRST_ANSWERS, this.#all)) return;
    throw new TunebookError(
      'evaluate/no-score',
      `None of the first ${without} answers of the judge (${this.#about}) holds a score for "${name}"; the last one is ${quote(output)}.`,
      {
        hint: `It should end with [[${lowest}]] to [[${highest}]]. Raise \`max_new_tokens\` of the judge where its answers are cut off, change \`rubric_template\`, or take a larger model. What was answered is kept in ${RUN_FILES.rubric}; \`tunebook resume\` asks for the missing scores again.`,
        location: { file: this.#file },
      },
    );
  }
}
