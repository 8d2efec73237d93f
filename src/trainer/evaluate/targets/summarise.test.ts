import assert from 'node:assert/strict';
import { Random } from '../../random.ts';
import { assertClose } from '../testing/fixture.ts';
import { multiLabelMetrics } from './label-metrics.ts';
import { regressionMetrics } from './number-metrics.ts';
import { summariseTargets } from './summarise.ts';

const random = new Random(4);
const draw = (length: number, make: (i: number) => number) =>
  Float64Array.from({ length }, (_, i) => make(i));
const noise = () => random.below(2001) / 1000 - 1;

describe('an evaluation of rows with several labels', () => {
  const width = 4;
  const references = draw(60 * width, () => Number(random.below(10) < 4));
  const flip = (share: number) => references.map((value) => (random.below(100) < share ? 1 - value : value));
  const candidates = [
    { name: 'good', values: flip(5), latencies: new Float64Array(60).fill(1) },
    { name: 'bad', values: flip(45), latencies: new Float64Array(60).fill(2) },
  ];
  const metrics = ['micro_f1', 'macro_f1', 'samples_f1', 'accuracy', 'hamming_loss', 'latency'] as const;
  const labels = ['a', 'b', 'c', 'd'];
  const result = summariseTargets({
    data: 'rows.test',
    labels,
    references,
    width,
    candidates,
    metrics,
    seed: 1,
  });

  it('gives every metric with its interval around it', () => {
    for (const { name, values } of candidates) {
      const expected = multiLabelMetrics(Uint8Array.from(values), Uint8Array.from(references), width);
      for (const [metric, value] of Object.entries(expected)) {
        const estimate = result.candidates[name]![metric]!;
        assertClose(estimate.value, Number(value), 1e-12, metric);
        assert.ok(estimate.ci[0] < estimate.value && estimate.value < estimate.ci[1], metric);
        assert.equal(estimate.n, 60);
      }
    }
  });

  it('tells the better one by a paired test, also where less is better', () => {
    assert.equal(result.pairs.length, 5);
    for (const pair of result.pairs) assert.ok(pair.pAdjusted < 0.01, pair.metric);
    assert.match(result.verdict, /^good beats bad by [\d.]+ points of micro-F1/);
    const swapped = summariseTargets({
      data: 'rows.test',
      labels,
      references,
      width,
      candidates,
      metrics: ['hamming_loss'],
      seed: 1,
    });
    assert.match(swapped.verdict, /^good beats bad by [\d.]+ in Hamming loss/);
  });

  it('scores every label, and has no confusions', () => {
    assert.deepEqual(
      result.perLabel?.['good']?.map(({ label }) => label),
      labels,
    );
    assert.equal(result.confusion, undefined);
  });

  it('shows no difference between a candidate and itself', () => {
    const twice = summariseTargets({
      data: 'rows.test',
      labels,
      references,
      width,
      candidates: [candidates[1]!, { ...candidates[1]!, name: 'again' }],
      metrics: ['macro_f1', 'micro_f1'],
      seed: 1,
    });
    for (const pair of twice.pairs) assert.deepEqual([pair.difference, pair.p], [0, 1]);
  });
});

describe('an evaluation of numbers', () => {
  const references = draw(50, () => 3 + noise());
  const near = references.map((value) => value + 0.2 * noise());
  const far = references.map((value) => 3 + 0.1 * (value - 3) + noise());
  const summary = (candidates: { name: string; values: Float64Array }[]) =>
    summariseTargets({
      data: 'rows.test',
      labels: [],
      references,
      width: 1,
      candidates: candidates.map((each) => ({ ...each, latencies: new Float64Array(50) })),
      metrics: ['pearson', 'spearmanr', 'mse', 'mae', 'r2'],
      seed: 1,
    });

  it('gives every metric with its interval, and tells the better one', () => {
    const result = summary([
      { name: 'far', values: far },
      { name: 'near', values: near },
    ]);
    const expected = regressionMetrics(near, references);
    for (const [metric, value] of Object.entries(expected)) {
      const { value: ours, ci } = result.candidates['near']![metric]!;
      assertClose(ours, Number(value), 1e-12, metric);
      assert.ok(ci[0] < ours && ours < ci[1], metric);
    }
    assert.equal(result.pairs.length, 5);
    for (const pair of result.pairs) assert.ok(pair.pAdjusted < 0.01, pair.metric);
    assert.match(result.verdict, /^near beats far by [\d.]+ in Pearson’s r/);
  });

  it('leaves a correlation out that is not defined, and the pairs with it', () => {
    const result = summary([
      { name: 'constant', values: new Float64Array(50).fill(2.5) },
      { name: 'near', values: near },
    ]);
    assert.deepEqual(Object.keys(result.candidates['constant']!), ['mse', 'mae', 'r2']);
    assert.deepEqual(
      result.pairs.map(({ metric }) => metric),
      ['mse', 'mae', 'r2'],
    );
  });
});
