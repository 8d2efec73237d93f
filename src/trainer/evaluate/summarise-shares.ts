import type { EvaluationResult, MetricEstimate, PairComparison } from '../../protocol/evaluation.ts';
import { estimateAccuracy } from './estimate.ts';
import { compareAccuracy } from './pair.ts';
import { holm } from './statistics/holm.ts';
import { writeVerdict } from './verdict.ts';

/** A metric that each example has or has not: 1 or 0. */
export interface ShareMetric {
  readonly name: string;
  /** Of each candidate, in the order of the candidates: `[n]`. */
  readonly hits: readonly Int32Array[];
}

/**
 * Shares of examples with Wilson's intervals, pairs with the exact McNemar test and Tango's interval, as accuracy has them.
 * @param data the data set and split, as written in the config
 */
export function summariseShares(
  data: string,
  names: readonly string[],
  metrics: readonly ShareMetric[],
): EvaluationResult {
  const candidates: Record<string, Record<string, MetricEstimate>> = Object.fromEntries(
    names.map((name) => [name, {}]),
  );
  const pairs: PairComparison[] = [];
  const alpha = 0.05 / ((names.length * (names.length - 1)) / 2);
  for (const { name: metric, hits } of metrics) {
    const ones = new Int32Array(hits[0]?.length ?? 0).fill(1);
    const found: Omit<PairComparison, 'pAdjusted'>[] = [];
    names.forEach((b, later) => {
      candidates[b]![metric] = estimateAccuracy(hits[later]!, ones);
      names.slice(0, later).forEach((a, earlier) => {
        const pair = { a: hits[earlier]!, b: hits[later]!, references: ones };
        found.push({ a, b, metric, ...compareAccuracy(pair, alpha) });
      });
    });
    const adjusted = holm(found.map(({ p }) => p));
    pairs.push(...found.map((pair, i) => ({ ...pair, pAdjusted: adjusted[i] ?? 1 })));
  }
  return { type: 'result', data, candidates, pairs, verdict: writeVerdict({ candidates, pairs }) };
}
