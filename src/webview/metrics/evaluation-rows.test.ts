import assert from 'node:assert/strict';
import type { EvaluationResult, MetricEstimate, PairComparison } from '../../protocol/evaluation.ts';
import { estimateRows, labelRows, metricNames, pairRows } from './evaluation-rows.ts';

function estimate(value: number, low: number, high: number): MetricEstimate {
  return { value, ci: [low, high], n: 300 };
}

const PAIR: PairComparison = {
  a: 'base',
  b: 'tuned',
  metric: 'accuracy',
  difference: 0.831,
  ci: [0.78, 0.874],
  p: 1e-9,
  pAdjusted: 2e-9,
  test: 'mcnemar-exact',
  smallestDifference: 0.05,
};

function result(fields: Partial<EvaluationResult> = {}): EvaluationResult {
  return {
    type: 'result',
    data: 'intents.test',
    candidates: {
      base: { accuracy: estimate(0.1, 0.07, 0.14), latency: estimate(2, 1.9, 2.1) },
      tuned: { accuracy: estimate(0.931, 0.9, 0.952), latency: estimate(4, 3.5, 8) },
    },
    pairs: [PAIR],
    verdict: '',
    ...fields,
  };
}

describe('metrics: rows of an evaluation', () => {
  it('candidates have value and interval with their units; the best is marked, and less latency is better', () => {
    const evaluation = result();
    assert.deepEqual(metricNames(evaluation), ['accuracy', 'latency']);
    const cells = estimateRows(evaluation).map((row) =>
      row.cells.map((cell) => `${cell?.value} (${cell?.interval})${cell?.best ? ' best' : ''}`),
    );
    assert.deepEqual(cells, [
      ['10.0 % (7.0 to 14.0 %)', '2 ms (1.9 to 2.1 ms) best'],
      ['93.1 % (90.0 to 95.2 %) best', '4 ms (3.5 to 8 ms)'],
    ]);
  });

  it('shares lie on an axis from 0 to 1, the rest on one to the end of the longest interval', () => {
    const [, tuned] = estimateRows(result());
    assert.deepEqual(
      tuned?.cells.map((cell) => cell?.bar),
      [
        { value: 0.931, low: 0.9, high: 0.952 },
        { value: 0.5, low: 0.4375, high: 1 },
      ],
    );
  });

  it('nobody is best alone or in a tie', () => {
    const tie = { a: { accuracy: estimate(0.5, 0.4, 0.6) }, b: { accuracy: estimate(0.5, 0.4, 0.6) } };
    for (const candidates of [tie, { a: tie.a }])
      assert.ok(
        estimateRows(result({ candidates })).every(({ cells }) => cells.every((cell) => !cell?.best)),
      );
  });

  it('a candidate without a metric has no cell', () => {
    const candidates = { a: { accuracy: estimate(0.5, 0.4, 0.6) }, b: { latency: estimate(1, 1, 1) } };
    assert.deepEqual(
      estimateRows(result({ candidates })).map(({ cells }) => cells.map((cell) => cell !== undefined)),
      [
        [true, false],
        [false, true],
      ],
    );
  });

  it('a pair is in points, with the conclusion that its p allows', () => {
    const [row] = pairRows(result());
    assert.deepEqual(
      [row?.pair, row?.difference, row?.interval, row?.p, row?.conclusion],
      ['tuned against base', '+83.1 points', '+78.0 to +87.4', '< 0.001', 'tuned is better'],
    );
    const worse = pairRows(result({ pairs: [{ ...PAIR, difference: -0.05, ci: [-0.09, -0.01] }] }))[0];
    assert.deepEqual([worse?.difference, worse?.conclusion], ['−5.0 points', 'base is better']);
  });

  it('a difference that was not shown says how large one would have to be', () => {
    const unshown: PairComparison = { ...PAIR, difference: 0, ci: [-0.02, 0.02], pAdjusted: 1 };
    const [row] = pairRows(result({ pairs: [unshown] }));
    assert.deepEqual(
      [row?.shown, row?.difference, row?.conclusion],
      [false, '0.0 points', 'not shown: only 5.0 points or more would be'],
    );
    const [few] = pairRows(result({ pairs: [{ ...unshown, smallestDifference: null }] }));
    assert.match(few?.conclusion ?? '', /too few examples/);
  });

  it('labels come hardest first', () => {
    const score = (label: string, f1: number) => ({ label, precision: f1, recall: f1, f1, support: 15 });
    const perLabel = { base: [score('x', 0.1), score('y', 0.2)], tuned: [score('x', 0.9), score('y', 0.6)] };
    const parts = (...values: string[]) => values.map((value) => `precision ${value} %, recall ${value} %`);
    assert.deepEqual(labelRows(result({ perLabel })), [
      { label: 'y', support: 15, f1: [0.2, 0.6], parts: parts('20.0', '60.0') },
      { label: 'x', support: 15, f1: [0.1, 0.9], parts: parts('10.0', '90.0') },
    ]);
    assert.deepEqual(labelRows(result()), []);
  });
});
