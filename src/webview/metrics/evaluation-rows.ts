import {
  displayMetric,
  displayP,
  displaySize,
  displaySpread,
  displayValue,
  hasPoints,
  largestValue,
  lowerIsBetter,
} from '../../protocol/display.ts';
import type { EvaluationResult, MetricEstimate, PairComparison } from '../../protocol/evaluation.ts';
import { isShare } from '../../protocol/format.ts';

/** Above this p (after Holm's correction) a difference counts as not shown; the verdict goes by the same. */
const SIGNIFICANCE = 0.05;

/** One cell of candidates × metrics. */
export interface EstimateCell {
  metric: string;
  value: string;
  /** `91.0 to 95.2 %`. */
  interval: string;
  /** `± 1.2 over 5 repeats`. */
  spread: string | undefined;
  best: boolean;
  /** Where value and interval lie on the metric's axis, from 0 to 1. */
  bar: { value: number; low: number; high: number };
}

/** Names of all metrics, in the order in which they were asked for. */
export function metricNames({ candidates }: EvaluationResult): string[] {
  return [...new Set(Object.values(candidates).flatMap(Object.keys))];
}

/** What a metric's column is called: `Macro-F1`, `Latency p95`. */
export function columnTitle(metric: string): string {
  const name = displayMetric(metric);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The candidates with a cell for each metric; undefined where a candidate was not measured by it. */
export function estimateRows(
  result: EvaluationResult,
): { candidate: string; cells: (EstimateCell | undefined)[] }[] {
  const metrics = metricNames(result);
  const axes = new Map(metrics.map((metric) => [metric, axisOf(result, metric)]));
  const best = new Map(metrics.map((metric) => [metric, bestValue(result, metric)]));
  return Object.entries(result.candidates).map(([candidate, estimates]) => ({
    candidate,
    cells: metrics.map((metric) => {
      const estimate = estimates[metric];
      const axis = axes.get(metric);
      return estimate && axis && estimateCell(metric, estimate, axis, best.get(metric));
    }),
  }));
}

function estimateCell(
  metric: string,
  { value, ci: [low, high], repeats }: MetricEstimate,
  { from, to }: { from: number; to: number },
  best: number | undefined,
): EstimateCell {
  const place = (at: number) => Math.min(1, Math.max(0, (at - from) / (to - from || 1)));
  return {
    metric,
    value: displayValue(metric, value),
    interval: `${displaySize(metric, low).replace(' ms', '')} to ${displaySize(metric, high)}${isShare(metric) ? ' %' : ''}`,
    spread: displaySpread(metric, repeats),
    best: value === best,
    bar: { value: place(value), low: place(low), high: place(high) },
  };
}

/** Metrics with a largest value have the whole axis; others one from 0 to the largest end of an interval. */
function axisOf({ candidates }: EvaluationResult, metric: string): { from: number; to: number } {
  const largest = largestValue(metric);
  if (largest !== undefined) return { from: 0, to: largest };
  const ends = Object.values(candidates).flatMap((estimates) => estimates[metric]?.ci ?? []);
  return { from: Math.min(0, ...ends), to: Math.max(...ends) };
}

/** The best value where there is a rival; less is better for latency and loss. */
function bestValue({ candidates }: EvaluationResult, metric: string): number | undefined {
  const values = Object.values(candidates).flatMap((estimates) => estimates[metric]?.value ?? []);
  if (values.length < 2 || new Set(values).size === 1) return undefined;
  return lowerIsBetter(metric) ? Math.min(...values) : Math.max(...values);
}

/** One row of the table of pairs, all words. */
export interface PairRow {
  pair: string;
  metric: string;
  /** `+83.1 points`. */
  difference: string;
  interval: string;
  p: string;
  shown: boolean;
  conclusion: string;
  test: string;
}

/** The pairs as people read them: the second candidate less the first, in points where the metric is a share. */
export function pairRows({ pairs }: EvaluationResult): PairRow[] {
  return pairs.map((pair) => ({
    pair: `${pair.b} against ${pair.a}`,
    metric: columnTitle(pair.metric),
    difference: withUnit(pair, signed(pair, pair.difference)),
    interval: `${signed(pair, pair.ci[0])} to ${signed(pair, pair.ci[1])}`,
    p: displayP(pair.pAdjusted),
    shown: pair.pAdjusted <= SIGNIFICANCE,
    conclusion: conclude(pair),
    test: TESTS[pair.test] ?? pair.test,
  }));
}

const TESTS: Record<string, string> = {
  'mcnemar-exact': 'exact McNemar',
  'sign-exact': 'exact sign test',
  permutation: 'paired permutation',
};

function conclude(pair: PairComparison): string {
  if (pair.pAdjusted <= SIGNIFICANCE)
    return `${pair.difference > 0 === lowerIsBetter(pair.metric) ? pair.a : pair.b} is better`;
  const { smallestDifference } = pair;
  if (smallestDifference === null || !Number.isFinite(smallestDifference))
    return 'not shown: too few examples to show any difference';
  return `not shown: only ${withUnit(pair, displaySize(pair.metric, smallestDifference))} or more would be`;
}

function signed({ metric }: PairComparison, value: number): string {
  const text = displaySize(metric, Math.abs(value));
  if (Number(text) === 0) return text;
  return `${value > 0 ? '+' : '−'}${text}`;
}

function withUnit({ metric }: PairComparison, text: string): string {
  return hasPoints(metric) ? `${text} points` : text;
}

/** The labels with the F1 of each candidate, hardest first. */
export function labelRows({ perLabel }: EvaluationResult): {
  label: string;
  support: number;
  f1: (number | undefined)[];
  /** `precision 91.0 %, recall 80.0 %` of each candidate. */
  parts: (string | undefined)[];
}[] {
  const candidates = Object.values(perLabel ?? {});
  const labels = [...new Set(candidates.flatMap((scores) => scores.map(({ label }) => label)))];
  const rows = labels.map((label) => {
    const own = candidates.map((scores) => scores.find((score) => score.label === label));
    return {
      label,
      support: own.find((score) => score)?.support ?? 0,
      f1: own.map((score) => score?.f1),
      parts: own.map(
        (score) =>
          score &&
          `precision ${displayValue('precision', score.precision)}, recall ${displayValue('recall', score.recall)}`,
      ),
    };
  });
  const best = (row: { f1: (number | undefined)[] }) => Math.max(...row.f1.map((value) => value ?? 0));
  return rows.sort((a, b) => best(a) - best(b));
}
