import type { EvaluationResult, RubricCriterion } from '../../../protocol/evaluation.ts';
import type { AdditiveStatistic } from '../statistics/additive.ts';
import { MEAN, summariseMeasurements } from '../summarise-measurements.ts';
import { writeVerdict } from '../verdict.ts';
import type { Criterion, ScoreQuestion } from './rubric.ts';

/** What a judge made of each answer. */
export interface RubricScores {
  /** The judge, in a few words. */
  readonly judge: string;
  readonly questions: readonly ScoreQuestion[];
  /** One a question; undefined where its answer could not be read. */
  readonly scores: readonly (number | undefined)[];
}

/**
 * The mean score of each candidate by each criterion with its interval, and for each pair the paired test. A row counts for a criterion
 * where the answer of every candidate has a score, so that all means are over the same rows.
 * @param rows how many there are
 * @returns the summary without estimates by criteria for which no row counts
 */
export function summariseRubric(
  data: string,
  names: readonly string[],
  rows: number,
  { judge, questions, scores }: RubricScores,
  seed: number,
): EvaluationResult {
  const criteria = [...new Set(questions.map(({ criterion }) => criterion))];
  const told: RubricCriterion[] = [];
  const parts: EvaluationResult[] = [];
  for (const criterion of criteria) {
    const table = names.map(() => new Float64Array(rows).fill(NaN));
    questions.forEach(({ row, candidate, criterion: own }, i) => {
      const column = own === criterion ? table[names.indexOf(candidate)] : undefined;
      if (column) column[row] = scores[i] ?? NaN;
    });
    told.push(describeCriterion(criterion, names, table));
    const counted = Array.from({ length: rows }, (_, row) => row).filter((row) =>
      table.every((column) => !Number.isNaN(column[row])),
    );
    if (counted.length === 0) continue;
    const numbers = table.map((column) => Float64Array.from(counted, (row) => column[row]!));
    const metric = { name: criterion.metric, statistic: meanOn(criterion), numbers };
    parts.push(summariseMeasurements({ data, candidates: names, metrics: [metric], seed }));
  }
  const merged = names.map((name) => {
    const own = parts.flatMap(({ candidates }) => Object.entries(candidates[name] ?? {}));
    return [name, Object.fromEntries(own)];
  });
  // SAFETY: the entries are names with estimates; fromEntries forgets it.
  const candidates = Object.fromEntries(merged) as EvaluationResult['candidates'];
  const pairs = parts.flatMap((part) => part.pairs);
  const rubric = { name: judge, questions: questions.length, criteria: told };
  return {
    type: 'result',
    data,
    candidates,
    pairs,
    verdict: writeVerdict({ candidates, pairs, rubric }),
    rubric,
  };
}

/** A mean on a scale of its own, on which 0 and 1 are scores and no shares. */
function meanOn({ lowest, highest }: Criterion): AdditiveStatistic {
  return { ...MEAN, isScale: true, largest: highest - lowest };
}

function describeCriterion(
  { metric, criteria, scale, lowest, highest }: Criterion,
  names: readonly string[],
  table: readonly Float64Array[],
): RubricCriterion {
  const scores: Record<string, number[]> = {};
  let unread = 0;
  names.forEach((name, i) => {
    const counts = Array.from({ length: highest - lowest + 1 }, () => 0);
    for (const score of table[i] ?? []) {
      if (Number.isNaN(score)) unread++;
      else counts[score - lowest]!++;
    }
    scores[name] = counts;
  });
  return { metric, criteria, scale: { ...scale }, lowest, unread, scores };
}
