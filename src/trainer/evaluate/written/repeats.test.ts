import assert from 'node:assert/strict';
import type { CandidateOutput } from '../../../protocol/evaluation.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { MEAN } from '../summarise-measurements.ts';
import { bootstrapAdditive } from '../statistics/additive.ts';
import { standardError } from '../statistics/bootstrap.ts';
import { assertClose, assertNear, readFixture } from '../testing/fixture.ts';
import { averageOverRepeats } from './average-repeats.ts';
import { measure } from './measure.ts';
import { checkRepeats, forRepeat, recordsOfRepeat } from './repeats.ts';

interface Clustered {
  /** `[rows][repeats]`, 1 where an answer is right. */
  right: number[][];
  mean: number;
  error: number;
  naive_error: number;
  ci: [number, number];
}

const { clustered } = readFixture<{ clustered: Clustered[] }>('repeats');

const answer = (output: string): CandidateOutput => ({ output, correct: false, score: 0, latency: 1 });

/** Answers of which so many are right in each repeat. */
function outputsOf(right: readonly (readonly number[])[]): CandidateOutput[][] {
  const repeats = right[0]?.length ?? 0;
  return Array.from({ length: repeats }, (_, repeat) =>
    right.map((row) => answer(row[repeat] === 1 ? 'yes' : 'no')),
  );
}

describe('an evaluation that is repeated', () => {
  for (const { right, mean, error, naive_error, ci } of clustered)
    it(`${right.length} rows, ${right[0]?.length} times: mean and interval go by rows, as statsmodels' clusters and scipy's bootstrap`, () => {
      const [outputs = [], ...again] = outputsOf(right);
      const result = measure({
        data: 'd.test',
        references: right.map(() => 'yes'),
        candidates: [{ name: 'a', outputs, again }],
        metrics: ['exact_match'],
        assertions: new Map(),
        seed: 42,
      });
      const estimate = result.candidates['a']?.['exact_match'];
      assert.ok(estimate);
      assertNear(estimate.value, mean, 1e-12);
      assert.equal(estimate.n, right.length);
      for (const side of [0, 1] as const) assertClose(estimate.ci[side], ci[side], 0.05 * (ci[1] - ci[0]));
      const rows = right.map((row) => row.reduce((sum, value) => sum + value, 0) / row.length);
      const numbers = Float64Array.from(rows);
      const [distribution] = bootstrapAdditive(MEAN, [numbers], {
        n: rows.length,
        resamples: 10_000,
        seed: 1,
      });
      assertNear(standardError(distribution!), error, 0.03);
      assert.ok(
        error > 1.3 * naive_error,
        'answers to one row are alike: counting each would promise too much',
      );
      const values = right[0]!.map(
        (_, repeat) => right.reduce((sum, row) => sum + row[repeat]!, 0) / right.length,
      );
      assert.equal(estimate.repeats?.n, values.length);
      assertNear(estimate.repeats.max, Math.max(...values), 1e-12);
    });

  it('compares candidates row by row, also one that answers once', () => {
    const [outputs = [], ...again] = outputsOf(clustered[0]!.right);
    const result = measure({
      data: 'd.test',
      references: outputs.map(() => 'yes'),
      candidates: [
        { name: 'greedy', outputs: outputs.map(() => answer('no')) },
        { name: 'drawn', outputs, again },
      ],
      metrics: ['exact_match', 'latency'],
      assertions: new Map(),
      seed: 42,
    });
    const [pair] = result.pairs;
    assertNear(pair?.difference ?? NaN, clustered[0]!.mean, 1e-12);
    assert.equal(pair?.test, 'permutation');
    assert.equal(result.candidates['greedy']?.['exact_match']?.repeats, undefined);
    assert.equal(result.candidates['drawn']?.['latency']?.n, 300);
  });

  it('averages the numbers of a row, whatever a metric makes of them', () => {
    const round = (...numbers: number[]) => [
      { name: 'm', statistic: MEAN, numbers: [Float64Array.from(numbers)] },
    ];
    const [metric] = averageOverRepeats([round(1, 0), round(0, 0), round(1, 3)]);
    assert.deepEqual([...metric!.numbers[0]!], [2 / 3, 1]);
  });

  it('draws each repeat and row from a seed of its own, and keeps each repeat in a file of its own', () => {
    const drawn = { kind: 'local' as const, settings: { do_sample: true, seed: 42 } };
    assert.deepEqual(forRepeat(drawn, 0, 100), drawn);
    assert.equal(forRepeat(drawn, 2, 100).settings.seed, 242);
    assert.equal(recordsOfRepeat('records.jsonl', 0), 'records.jsonl');
    assert.equal(recordsOfRepeat('records.jsonl', 2), 'records-3.jsonl');
  });

  it('of labels has no macro-F1', () => {
    assert.doesNotThrow(() => checkRepeats('label', ['accuracy', 'latency'], 'a.tune.yaml'));
    assert.throws(
      () => checkRepeats('label', ['accuracy', 'macro_f1'], 'a.tune.yaml'),
      (error) => error instanceof TunebookError && /`macro_f1` is no mean over rows/.test(error.message),
    );
  });
});
