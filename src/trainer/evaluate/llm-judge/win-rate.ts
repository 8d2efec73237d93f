import type {
  EvaluationResult,
  JudgedPair,
  JudgeSummary,
  MetricEstimate,
} from '../../../protocol/evaluation.ts';
import { estimateAdditive } from '../estimate-additive.ts';
import { compareCounts } from '../pair.ts';
import { bootstrapAdditive } from '../statistics/additive.ts';
import { resamplesFor } from '../statistics/bootstrap.ts';
import { mcnemarExact } from '../statistics/mcnemar.ts';
import { compareEveryPair } from '../statistics/pairs.ts';
import { MEAN } from '../summarise-measurements.ts';
import { writeVerdict } from '../verdict.ts';
import type { Question, Verdict } from './questions.ts';

/** What a judge made of the answers. */
export interface Judgements {
  /** The judge, in a few words. */
  readonly judge: string;
  readonly questions: readonly Question[];
  /** One a question; undefined where its answer could not be read. */
  readonly verdicts: readonly (Verdict | undefined)[];
}

/** What became of a row for a pair: 1 where the later candidate wins, -1 where the earlier does, 0 for neither. */
type Outcome = -1 | 0 | 1;

/** A pair with its outcomes by row; a row without a verdict that can be read has none. */
interface Judged {
  readonly counts: JudgedPair;
  readonly outcomes: ReadonlyMap<number, Outcome>;
}

/**
 * The share of rows that each candidate wins, ties counting as half (AlpacaEval's win rate), with its interval over rows; for each pair
 * the exact sign test of wins against losses and Tango's interval of their difference; and how the judge behaved. A row counts for a pair
 * where both orders were judged: where they disagree it is a tie. Against several others a row's value is the mean over them.
 * @param rows how many there are
 * @returns the summary without estimates of candidates that no verdict is about
 */
export function summariseWinRate(
  data: string,
  names: readonly string[],
  rows: number,
  judgements: Judgements,
  seed: number,
): EvaluationResult {
  const judged = new Map<string, Judged>();
  const keyOf = (a: string, b: string) => JSON.stringify([a, b]);
  names.forEach((b, later) =>
    names.slice(0, later).forEach((a) => judged.set(keyOf(a, b), judgePair(a, b, rows, judgements))),
  );
  const candidates: Record<string, Record<string, MetricEstimate>> = {};
  for (const name of names) candidates[name] = estimate(name, rows, [...judged.values()], seed);
  const pairs = compareEveryPair(names, 'win_rate', (earlier, later, alpha) => {
    const { counts } = judged.get(keyOf(names[earlier] ?? '', names[later] ?? ''))!;
    const n = counts.wins + counts.losses + counts.ties;
    if (n === 0) return undefined;
    const compared = compareCounts({ onlyA: counts.losses, onlyB: counts.wins }, n, alpha);
    return { ...compared, test: 'sign-exact' };
  });
  const judge = summariseJudge(
    judgements,
    [...judged.values()].map(({ counts }) => counts),
  );
  return {
    type: 'result',
    data,
    candidates,
    pairs,
    verdict: writeVerdict({ candidates, pairs, judge }),
    judge,
  };
}

function judgePair(a: string, b: string, rows: number, { questions, verdicts }: Judgements): Judged {
  const counts = { a, b, wins: 0, losses: 0, ties: 0, disagreed: 0, same: 0, unread: 0 };
  const outcomes = new Map<number, Outcome>();
  const found = new Map<number, (Outcome | undefined)[]>();
  questions.forEach(({ row, first, second }, i) => {
    const isTurned = first === b && second === a;
    if (!isTurned && !(first === a && second === b)) return;
    const verdict = verdicts[i];
    const forFirst = verdict === 'first' ? 1 : verdict === 'second' ? -1 : 0;
    // SAFETY: one of 1, -1 and 0 times one of 1 and -1.
    const outcome = verdict === undefined ? undefined : ((isTurned ? forFirst : -forFirst) as Outcome);
    found.set(row, [...(found.get(row) ?? []), outcome]);
  });
  for (let row = 0; row < rows; row++) {
    const both = found.get(row);
    if (!both) {
      counts.same++;
      counts.ties++;
      outcomes.set(row, 0);
      continue;
    }
    const [one, other] = both;
    if (one === undefined || other === undefined) {
      counts.unread++;
      continue;
    }
    if (one !== other) counts.disagreed++;
    const outcome = one === other ? one : 0;
    if (outcome === 0) counts.ties++;
    else if (outcome > 0) counts.wins++;
    else counts.losses++;
    outcomes.set(row, outcome);
  }
  return { counts, outcomes };
}

function estimate(
  name: string,
  rows: number,
  judged: readonly Judged[],
  seed: number,
): Record<string, MetricEstimate> {
  const own = judged.filter(({ counts }) => counts.a === name || counts.b === name);
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    const points = own.flatMap(({ counts, outcomes }) => {
      const outcome = outcomes.get(row);
      return outcome === undefined ? [] : [(1 + (counts.b === name ? outcome : -outcome)) / 2];
    });
    if (points.length > 0) values.push(points.reduce((sum, point) => sum + point, 0) / points.length);
  }
  if (values.length === 0) return {};
  const numbers = Float64Array.from(values);
  const n = values.length;
  const [distribution] = bootstrapAdditive(MEAN, [numbers], { n, resamples: resamplesFor(n), seed });
  return { win_rate: estimateAdditive(MEAN, numbers, distribution!) };
}

function summariseJudge({ judge, questions, verdicts }: Judgements, pairs: JudgedPair[]): JudgeSummary {
  const count = (verdict: Verdict | undefined) => verdicts.filter((each) => each === verdict).length;
  const [first, second] = [count('first'), count('second')];
  return {
    name: judge,
    questions: questions.length,
    unread: count(undefined),
    first,
    second,
    tied: count('tie'),
    p: mcnemarExact(first, second),
    pairs,
  };
}
