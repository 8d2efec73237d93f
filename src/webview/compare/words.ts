import { displayMilliseconds } from '../../protocol/display.ts';
import { formatNumber } from '../../protocol/format.ts';
import type { CompareAnswer, CompareChip, CompareSort, DetailJudgement } from '../../protocol/compare.ts';

export const CHIP_WORDS: Record<CompareChip, string> = {
  all: 'All',
  regressed: 'Regressed',
  fixed: 'Fixed',
  'both-wrong': 'Both wrong',
  changed: 'Changed',
};

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

/** The numbers of an answer: `score 0.93 · 4.2 ms · cost 0.0012`. */
export function answerNumbers({ score, latency, cost }: CompareAnswer): string {
  const parts = [
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
