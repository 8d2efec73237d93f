import { displayMilliseconds } from '../../protocol/display.ts';
import type { RubricSummary } from '../../protocol/evaluation.ts';
import { formatNumber, rubricMetric } from '../../protocol/format.ts';
import {
  COMPARE_CHIPS,
  JUDGE_CHIPS,
  type CompareAnswer,
  type CompareChip,
  type CompareOverview,
  type CompareSort,
  type DetailGrade,
  type DetailJudgement,
} from '../../protocol/compare.ts';

export const CHIP_WORDS: Record<CompareChip, string> = {
  all: 'All',
  regressed: 'Regressed',
  fixed: 'Fixed',
  'both-wrong': 'Both wrong',
  changed: 'Changed',
  'judged-better': 'Judged better',
  'judged-worse': 'Judged worse',
  'judged-tie': 'Judged equal',
  'judge-undecided': 'Judge undecided',
};

/** The chips of an evaluation: those of a judge where one compared answers. */
export function chipsOf(overview: Pick<CompareOverview, 'isJudged'> | undefined): readonly CompareChip[] {
  const ofJudge: readonly CompareChip[] = JUDGE_CHIPS;
  return overview?.isJudged ? COMPARE_CHIPS : COMPARE_CHIPS.filter((chip) => !ofJudge.includes(chip));
}

/** What a chip shows, as a sentence about two candidates. */
export function chipSentence(chip: CompareChip, a: string, b: string): string {
  switch (chip) {
    case 'all':
      return 'Every row';
    case 'regressed':
      return `${a} is right and ${b} is wrong`;
    case 'fixed':
      return `${a} is wrong and ${b} is right`;
    case 'both-wrong':
      return `${a} and ${b} are both wrong`;
    case 'changed':
      return `${a} and ${b} give different outputs`;
    case 'judged-better':
      return `The judge prefers ${b} to ${a} in both orders`;
    case 'judged-worse':
      return `The judge prefers ${a} to ${b} in both orders`;
    case 'judged-tie':
      return `The judge prefers neither ${a} nor ${b} in both orders`;
    case 'judge-undecided':
      return 'The judge contradicts itself when the answers change places, or its verdict could not be read';
  }
}

export const SORT_WORDS: Record<CompareSort, string> = {
  order: 'Order of the data',
  disagreement: 'Disagreement',
  score: 'Difference of scores',
  length: 'Length of the input',
  latency: 'Latency',
};

/** `right`, or `wrong`. */
export function rightWord({ correct }: CompareAnswer): string {
  return correct ? 'right' : 'wrong';
}

/** The numbers of an answer: `politeness 4 · score 0.93 · 4.2 ms · cost 0.0012`. */
export function answerNumbers({ score, latency, cost, rubric = {} }: CompareAnswer): string {
  const parts = [
    ...Object.entries(rubric).map(([criterion, value]) => `${criterion} ${value}`),
    Number.isFinite(score) ? `score ${formatNumber(score, 3)}` : undefined,
    Number.isFinite(latency) ? displayMilliseconds(latency) : undefined,
    cost === undefined ? undefined : `cost ${formatNumber(cost, 3)}`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** `1,234 rows`. */
export function rowsWord(count: number): string {
  return count === 1 ? '1 row' : `${count.toLocaleString('en-US')} rows`;
}

/** What a judge says of two answers: `tuned is better`. */
export function verdictWord({ first, second, verdict }: DetailJudgement): string {
  if (verdict === undefined) return 'no verdict could be read';
  return verdict === 'tie' ? 'neither is better' : `${verdict === 'first' ? first : second} is better`;
}

/** A judge's score of an answer: `4 of 5, nearly polite`. */
export function gradeWord({ criterion, score }: DetailGrade, rubric: RubricSummary | undefined): string {
  if (score === undefined) return 'no score could be read';
  const own = rubric?.criteria.find(({ metric }) => metric === rubricMetric(criterion));
  if (!own) return String(score);
  const highest = Math.max(...Object.keys(own.scale).map(Number));
  const words = own.scale[score];
  return `${score} of ${highest}${words === undefined ? '' : `, ${words}`}`;
}
