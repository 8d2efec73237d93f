import { displayP } from './display.ts';
import type { JudgeSummary, RubricCriterion, RubricSummary } from './evaluation.ts';
import { formatPercent } from './format.ts';

/** Above this p a judge is not said to prefer a place. */
const BIASED = 0.05;

/** What a reader of a win rate must know of its judge, a clause each; nothing where it was of one mind and could always be read. */
export function describeJudge({ pairs, unread, questions, first, second, p }: JudgeSummary): string[] {
  const sum = (of: (pair: JudgeSummary['pairs'][number]) => number) =>
    pairs.reduce((all, pair) => all + of(pair), 0);
  const disagreed = sum((pair) => pair.disagreed);
  const judged = sum(({ wins, losses, ties, same }) => wins + losses + ties - same);
  return [
    ...(disagreed > 0
      ? [
          `the judge contradicted itself on ${disagreed} of ${judged} rows when the answers changed places, ${disagreed === 1 ? 'which counts as a tie' : 'which count as ties'}`,
        ]
      : []),
    ...(p <= BIASED ? [describeBias(first, second, p)] : []),
    ...(unread > 0
      ? [`${unread} of the ${questions} answers of the judge hold no verdict, and their rows do not count`]
      : []),
  ];
}

function describeBias(first: number, second: number, p: number): string {
  const place = first > second ? 'first' : 'second';
  const share = formatPercent(Math.max(first, second) / (first + second));
  return `the judge prefers the answer that is shown ${place} (${share} of its choices, p ${p < 0.001 ? '' : '= '}${displayP(p)})`;
}

/** What a reader of a score must know of its judge: which answers have none; nothing where all have one. */
export function describeUnscored(
  { questions, criteria }: RubricSummary,
  { unread }: RubricCriterion,
): string[] {
  if (unread === 0) return [];
  const asked = questions / criteria.length;
  return [`${unread} of the ${asked} answers of the judge hold no score, and their rows do not count`];
}
