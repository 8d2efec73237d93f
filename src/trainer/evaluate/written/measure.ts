import type { CandidateOutput, EvaluationResult } from '../../../protocol/evaluation.ts';
import type { EvaluationMetric } from '../../../language/schema/metrics.ts';
import { summariseShares } from '../summarise-shares.ts';
import { summarise, type EvaluateMetric } from '../summarise.ts';
import { MEAN, measureTexts, summariseMeasurements, type MeasuredMetric } from '../summarise-measurements.ts';
import { TEXT_METRICS, type TextMetricName } from '../text-metrics/text-metrics.ts';
import { writeVerdict } from '../verdict.ts';
import { summariseRubric, type RubricScores } from '../llm-judge/rubric-scores.ts';
import { summariseWinRate, type Judgements } from '../llm-judge/win-rate.ts';
import type { CandidateOutputs } from './answer.ts';
import type { Assertion } from './assertions.ts';
import { averageOverRepeats, roundsOf, withSpread } from './average-repeats.ts';

export interface MeasureInput {
  readonly data: string;
  /** `[n]`. */
  readonly references: readonly string[];
  /** Where labels were to be chosen. */
  readonly labels?: readonly string[];
  readonly candidates: readonly CandidateOutputs[];
  readonly metrics: readonly EvaluationMetric[];
  readonly assertions: ReadonlyMap<string, Assertion>;
  /** What counts as the expected answer, where a benchmark says it. */
  readonly exactMatch?: ExactMatch;
  /** Where a model judges the answers. */
  readonly judgements?: Judgements;
  /** Where it scores them, and whether that goes before the metrics. */
  readonly scores?: RubricScores;
  readonly scoresFirst?: boolean;
  readonly seed: number;
}

/** 1 where an answer is the expected one, else 0. */
export type ExactMatch = (output: string, reference: string) => number;

/** Metrics of rows with choices of their own; each output has them among its `scores`. */
const CHOICE_METRICS: readonly string[] = ['acc', 'acc_norm', 'acc_bytes'];

export function isChoiceMetric(metric: string): boolean {
  return CHOICE_METRICS.includes(metric);
}

export function isTextMetric(metric: string): metric is TextMetricName {
  return Object.hasOwn(TEXT_METRICS, metric);
}

/** Metrics that come from the losses of the references. */
export function isLossMetric(metric: string): boolean {
  return metric === 'perplexity' || metric === 'bits_per_byte';
}

/** All that is computed from the answers: metrics with intervals, pairs with tests, the verdict on the first metric. */
export function measure(input: MeasureInput): EvaluationResult {
  const { data, labels, candidates, metrics, assertions, seed } = input;
  const names = candidates.map(({ name }) => name);
  const rounds = roundsOf(candidates);
  const isRepeated = rounds.length > 1;
  const ofRounds = rounds.map((round) => measureRound({ ...input, candidates: round }, isRepeated));
  const measured = averageOverRepeats(ofRounds);
  const parts: EvaluationResult[] = [];
  const ofLabels = metrics.filter((metric): metric is EvaluateMetric =>
    ['accuracy', 'macro_f1', 'micro_f1', 'latency'].includes(metric),
  );
  if (labels && ofLabels.length > 0 && !isRepeated) parts.push(summariseLabels(input, labels, ofLabels));
  const ofChoices = metrics.filter(isChoiceMetric).map((name) => ({
    name,
    hits: candidates.map(({ outputs }) => Int32Array.from(outputs, ({ scores }) => scores?.[name] ?? 0)),
  }));
  if (ofChoices.length > 0) parts.push(summariseShares(data, names, ofChoices));
  const latencies =
    (!labels || isRepeated) &&
    metrics.includes('latency') &&
    candidates.map(({ outputs, again = [] }) =>
      Float64Array.from([outputs, ...again].flat(), ({ latency }) => latency),
    );
  if (measured.length > 0 || latencies)
    parts.push(
      summariseMeasurements({
        data,
        candidates: names,
        metrics: measured,
        ...(latencies ? { latencies } : {}),
        seed,
      }),
    );
  if (input.judgements)
    parts.push(summariseWinRate(data, names, input.references.length, input.judgements, seed));
  const rubric = input.scores && summariseRubric(data, names, input.references.length, input.scores, seed);
  if (rubric) parts.push(rubric);
  const scored = rubric?.rubric?.criteria.map(({ metric }) => metric) ?? [];
  const ordered = input.scoresFirst ? [...scored, ...metrics] : [...metrics, ...scored];
  const result = combine(parts, names, [...ordered, ...assertions.keys()]);
  // A loss is that of the reference, which no repeat changes.
  const varying = ofRounds.map((round) => round.filter(({ name }) => !isLossMetric(name)));
  return withSpread(result, candidates, varying);
}

/** What is measured of one repeat by numbers that each row has. */
function measureRound(input: MeasureInput, isRepeated: boolean): MeasuredMetric[] {
  const { labels, candidates, metrics, assertions, references } = input;
  const isRight = ({ outputs }: CandidateOutputs) =>
    Float64Array.from(outputs, ({ output }, row) => Number(output === references[row]));
  return [
    ...metrics.flatMap((metric) => {
      const isShare = labels && isRepeated && (metric === 'accuracy' || metric === 'micro_f1');
      if (isShare) return { name: metric, statistic: MEAN, numbers: candidates.map(isRight) };
      return measureOne(metric, input) ?? [];
    }),
    ...[...assertions].map(([name, holds]): MeasuredMetric => {
      return {
        name,
        statistic: MEAN,
        numbers: candidates.map((each) => ofEach(each, ({ output }) => Number(holds(output)))),
      };
    }),
  ];
}

function summariseLabels(
  { data, references, candidates, seed }: MeasureInput,
  labels: readonly string[],
  metrics: readonly EvaluateMetric[],
): EvaluationResult {
  const outputs = new Set(candidates.flatMap(({ outputs: own }) => own.map(({ output }) => output)));
  // An answer that names no label is a label of its own, which no row has.
  const all = [...labels, ...[...outputs].filter((output) => !labels.includes(output))];
  const indexOf = new Map(all.map((label, index) => [label, index]));
  return summarise({
    data,
    labels: all,
    references: Int32Array.from(references, (reference) => indexOf.get(reference)!),
    candidates: candidates.map(({ name, outputs: own }) => ({
      name,
      predictions: Int32Array.from(own, ({ output }) => indexOf.get(output)!),
      latencies: Float64Array.from(own, ({ latency }) => latency),
    })),
    metrics,
    seed,
  });
}

function measureOne(
  metric: EvaluationMetric,
  { candidates, references, exactMatch }: MeasureInput,
): MeasuredMetric | undefined {
  if (metric === 'exact_match' && exactMatch)
    return {
      name: metric,
      statistic: MEAN,
      numbers: candidates.map(({ outputs }) =>
        Float64Array.from(outputs, ({ output }, row) => exactMatch(output, references[row] ?? '')),
      ),
    };
  if (isTextMetric(metric)) {
    const { size, largest } = TEXT_METRICS[metric];
    const wanted = references.map((reference) => [reference]);
    const numbers = candidates.map(({ outputs }) =>
      measureTexts(
        metric,
        outputs.map(({ output }) => output),
        wanted,
      ),
    );
    return {
      name: metric,
      statistic: { size, largest, value: (sums, n) => TEXT_METRICS[metric].value(sums, n) },
      numbers,
    };
  }
  const pairs = (of: (output: CandidateOutput) => readonly [number, number]) =>
    candidates.map(({ outputs }) => Float64Array.from(outputs.flatMap((output) => [...of(output)])));
  switch (metric) {
    case 'perplexity':
      return {
        name: metric,
        statistic: { size: 2, value: (sums) => Math.exp((sums[0] ?? 0) / (sums[1] ?? 0)) },
        numbers: pairs(({ loss }) => [loss?.nll ?? NaN, loss?.tokens ?? NaN]),
      };
    case 'bits_per_byte':
      return {
        name: metric,
        statistic: { size: 2, value: (sums) => (sums[0] ?? 0) / (sums[1] ?? 0) / Math.LN2 },
        numbers: pairs(({ loss }) => [loss?.textNll ?? NaN, loss?.bytes ?? NaN]),
      };
    case 'tokens_per_second':
      return {
        name: metric,
        statistic: { size: 2, value: (sums) => (1000 * (sums[0] ?? 0)) / (sums[1] ?? 0) },
        numbers: pairs(({ outputTokens = 0, latency }) => [outputTokens, latency]),
      };
    case 'cost': {
      const n = references.length;
      return {
        name: metric,
        statistic: { size: 1, value: (sums, of) => ((sums[0] ?? 0) / of) * n },
        numbers: candidates.map((each) => ofEach(each, ({ cost = 0 }) => cost)),
      };
    }
    case 'length':
      return {
        name: metric,
        statistic: MEAN,
        numbers: candidates.map((each) => ofEach(each, ({ output }) => [...output].length)),
      };
    case 'win_rate':
    case 'accuracy':
    case 'macro_f1':
    case 'micro_f1':
    case 'acc':
    case 'acc_norm':
    case 'acc_bytes':
    case 'latency':
    case 'samples_f1':
    case 'f1':
    case 'precision':
    case 'recall':
    case 'hamming_loss':
    case 'mse':
    case 'mae':
    case 'r2':
    case 'pearson':
    case 'spearmanr':
      return undefined;
  }
}

function ofEach({ outputs }: CandidateOutputs, of: (output: CandidateOutput) => number): Float64Array {
  return Float64Array.from(outputs, of);
}

/** Joins results over the same rows; metrics stand in the order that was asked for. */
function combine(
  parts: readonly EvaluationResult[],
  names: readonly string[],
  order: readonly string[],
): EvaluationResult {
  const [first] = parts;
  if (!first) throw new RangeError('There is no metric to measure.');
  const rank = (metric: string) => order.findIndex((name) => metric === name || metric === `${name}_p95`);
  const candidates = Object.fromEntries(
    names.map((name) => {
      const own = parts.flatMap((part) => Object.entries(part.candidates[name] ?? {}));
      return [name, Object.fromEntries(own.sort(([a], [b]) => rank(a) - rank(b)))];
    }),
  );
  const pairs = parts.flatMap((part) => part.pairs).sort((a, b) => rank(a.metric) - rank(b.metric));
  const judge = parts.find((part) => part.judge !== undefined)?.judge;
  const rubric = parts.find((part) => part.rubric !== undefined)?.rubric;
  const ofLabels = parts.find(({ confusion }) => confusion !== undefined);
  return {
    ...first,
    candidates,
    pairs,
    verdict: writeVerdict({ candidates, pairs, ...(judge && { judge }), ...(rubric && { rubric }) }),
    ...(judge && { judge }),
    ...(rubric && { rubric }),
    ...(ofLabels?.confusion && { confusion: ofLabels.confusion }),
    ...(ofLabels?.perLabel && { perLabel: ofLabels.perLabel }),
  };
}

/**
 * The value of each metric that one answer has by itself; exact match decides what is right where it is measured, else the first metric of
 * texts where it is at its largest.
 */
export function scoreOutput(
  output: string,
  reference: string,
  metrics: readonly string[],
  exactMatch?: ExactMatch,
): { scores: Record<string, number>; correct: boolean; score: number } {
  const own = metrics.filter(isTextMetric);
  const scores: Record<string, number> = {};
  for (const metric of own) {
    const each = TEXT_METRICS[metric];
    scores[metric] =
      metric === 'exact_match' && exactMatch
        ? exactMatch(output, reference)
        : each.score(each.statistics(output, [reference]));
  }
  const first = own[0];
  const score = first === undefined ? 0 : scores[first]! / TEXT_METRICS[first].largest;
  return { scores, correct: 'exact_match' in scores ? scores['exact_match'] === 1 : score === 1, score };
}
