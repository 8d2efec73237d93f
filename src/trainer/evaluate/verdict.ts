import type { EvaluationResult, PairComparison } from '../../protocol/evaluation.ts';
import { describeJudge, describeUnscored } from '../../protocol/describe-judge.ts';
import {
  displayMetric,
  displayMilliseconds,
  displaySize,
  displayValue,
  hasPoints,
  isCost,
  lowerIsBetter,
} from '../../protocol/display.ts';

/** Above this p (after Holm's correction) a verdict says that no difference could be shown. */
export const SIGNIFICANCE = 0.05;

/** What a verdict is made of. */
export type Findings = Pick<EvaluationResult, 'candidates' | 'pairs' | 'judge' | 'rubric'>;

/**
 * The outcome as one sentence for a tired person, on the first metric that tells good from bad: who beats whom by how
 * much, or that no difference could be shown and how large one would have to be. Differences of shares are in points: hundredths.
 */
export function writeVerdict(findings: Findings): string {
  const { judge, rubric, candidates } = findings;
  const verdict = writeNumbers(findings);
  const [metric] = Object.keys(Object.values(candidates)[0] ?? {}).filter((name) => !isCost(name));
  const isScored = (each: string) => Object.values(candidates).some((own) => each in own);
  // Without a single score there is no mean that could be said.
  const criterion = rubric?.criteria.find((each) => each.metric === metric || !isScored(each.metric));
  if (rubric && criterion) return [verdict, ...describeUnscored(rubric, criterion)].join('; ');
  if (!judge) return verdict;
  // Without a single verdict there is no win rate that could be said.
  const isTold = metric === 'win_rate' || judge.unread === judge.questions;
  return isTold ? [verdict, ...describeJudge(judge)].join('; ') : verdict;
}

function writeNumbers({ candidates, pairs }: Findings): string {
  const names = Object.keys(candidates);
  const measured = Object.keys(candidates[names[0] ?? ''] ?? {});
  const metric = measured.find((name) => !isCost(name));
  if (metric === undefined) return describeLatency(candidates);
  if (names.length < 2) return describeOne(candidates, names[0] ?? '', metric);
  const own = pairs.filter((pair) => pair.metric === metric);
  const best = names.reduce((leader, name) => {
    return goodness(candidates, name, metric) > goodness(candidates, leader, metric) ? name : leader;
  });
  const n = candidates[best]?.[metric]?.n ?? 0;
  const ofBest = own.filter((pair) => pair.a === best || pair.b === best);
  const wins = ofBest.filter(isShown);
  const ties = ofBest.filter((pair) => !isShown(pair));
  if (wins.length > 0) return [describeWins(best, wins, n), ...describeTies(best, ties, n)].join('; ');
  const others = own.filter(isShown);
  const nowhere = others.length === 0 ? `between ${join(names)}` : undefined;
  return [
    describeUnshown(nowhere ?? betweenBest(best, ties), nowhere ? own : ties, n),
    ...others.map((pair) => describeWins(winner(pair), [pair], n)),
  ].join('; ');
}

const isShown = (pair: PairComparison) => pair.pAdjusted <= SIGNIFICANCE;
const winner = (pair: PairComparison) =>
  pair.difference > 0 === lowerIsBetter(pair.metric) ? pair.a : pair.b;
const rival = (pair: PairComparison, of: string) => (pair.a === of ? pair.b : pair.a);

/** A metric's value, turned around where less is better. */
function goodness(candidates: Findings['candidates'], name: string, metric: string): number {
  const value = candidates[name]?.[metric]?.value;
  if (value === undefined || Number.isNaN(value)) return -Infinity;
  return lowerIsBetter(metric) ? -value : value;
}

/** ` points of accuracy`, or ` in perplexity`. */
const unitOf = (metric: string) => `${hasPoints(metric) ? ' points of' : ' in'} ${displayMetric(metric)}`;

/** `full beats base by 83.1 points of accuracy (95 % CI 78.0 to 87.4, n = 300) and lora by 3.2 (95 % CI 1.4 to 5.1)`. */
function describeWins(best: string, wins: readonly PairComparison[], n: number): string {
  const parts = wins.map((pair, index) => {
    const { metric } = pair;
    const isSecond = (pair.b === best) !== lowerIsBetter(metric);
    const low = isSecond ? pair.ci[0] : -pair.ci[1];
    const high = isSecond ? pair.ci[1] : -pair.ci[0];
    const unit = index === 0 ? unitOf(metric) : '';
    const size = index === 0 ? `, n = ${n}` : '';
    const interval = `95 % CI ${displaySize(metric, low)} to ${displaySize(metric, high)}${size}`;
    return `${rival(pair, best)} by ${displaySize(metric, Math.abs(pair.difference))}${unit} (${interval})`;
  });
  return `${best} beats ${join(parts)}`;
}

/** What could not be shown beside a win: the rivals that may be as good. */
function describeTies(best: string, ties: readonly PairComparison[], n: number): string[] {
  if (ties.length === 0) return [];
  return [`no difference ${betweenBest(best, ties)} could be shown: ${describeNeed(ties, n)}`];
}

/** `no difference between a and b could be shown; with n = 100 only differences of 9.0 points of accuracy or more would`. */
function describeUnshown(between: string, pairs: readonly PairComparison[], n: number): string {
  return `no difference ${between} could be shown; ${describeNeed(pairs, n)}`;
}

/** `between full and lora`, or with several rivals `between full and either of lora and base`. */
function betweenBest(best: string, ties: readonly PairComparison[]): string {
  const rivals = ties.map((pair) => rival(pair, best));
  const which = rivals.length < 2 ? '' : rivals.length === 2 ? 'either of ' : 'any of ';
  return `between ${best} and ${which}${join(rivals)}`;
}

/** `with n = 100 only differences of 9.0 points of accuracy or more would`: what the pair that needs most would need. */
function describeNeed(pairs: readonly PairComparison[], n: number): string {
  const need = Math.max(...pairs.map((pair) => pair.smallestDifference ?? Infinity));
  if (!Number.isFinite(need)) return `n = ${n} is too few to show any`;
  const metric = pairs[0]?.metric ?? '';
  return `with n = ${n} only differences of ${displaySize(metric, need)}${unitOf(metric)} or more would`;
}

function describeOne(candidates: Findings['candidates'], name: string, metric: string): string {
  const estimate = candidates[name]?.[metric];
  if (!estimate) return `${name} was not measured`;
  const [low, high] = estimate.ci.map((limit) => displaySize(metric, limit));
  const what = `${displayMetric(metric)} of ${displayValue(metric, estimate.value)}`;
  return `${name} has ${/^([aeiou]|F1|MSE|R²)/.test(what) ? 'an' : 'a'} ${what} (95 % CI ${low} to ${high}, n = ${estimate.n})`;
}

function describeLatency(candidates: Findings['candidates']): string {
  const parts = Object.entries(candidates).map(([name, { latency }]) =>
    latency ? `${name} takes ${displayMilliseconds(latency.value)} an example` : `${name} was not measured`,
  );
  return join(parts);
}

function join(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
