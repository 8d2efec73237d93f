import assert from 'node:assert/strict';
import { summarise } from './summarise.ts';
import { MEAN, measureTexts, summariseMeasurements, type MeasuredMetric } from './summarise-measurements.ts';
import { bootstrapAdditive, leaveOneOutAdditive, valueOfAll } from './statistics/additive.ts';
import { assertClose, assertNear, readFixture } from './testing/fixture.ts';
import { TEXT_METRICS, type TextMetricName } from './text-metrics/text-metrics.ts';

interface Fixture {
  references: string[];
  a: string[];
  b: string[];
  scores: { metric: 'chrf' | 'token_f1'; a: number; b: number; p: number; ci: [number, number] }[];
}

const corpora = readFixture<Fixture>('corpora');
const references = corpora.references.map((reference) => [reference]);

function measured(name: TextMetricName, outputs: readonly string[][], texts = references): MeasuredMetric {
  return {
    name,
    statistic: TEXT_METRICS[name],
    numbers: outputs.map((one) => measureTexts(name, one, texts)),
  };
}

function summary(metrics: MeasuredMetric[], candidates = ['a', 'b']) {
  return summariseMeasurements({ data: 'd.test', candidates, metrics, seed: 42 });
}

describe('summarise measurements', () => {
  const result = summary(corpora.scores.map(({ metric }) => measured(metric, [corpora.a, corpora.b])));
  for (const { metric, a, b, p, ci } of corpora.scores) {
    it(`${metric}: values, permutation test and paired bootstrap are those of the reference libraries`, () => {
      const pair = result.pairs.find((one) => one.metric === metric);
      assert.ok(pair);
      assertNear(result.candidates['a']?.[metric]?.value ?? NaN, a, 1e-12);
      assertNear(result.candidates['b']?.[metric]?.value ?? NaN, b, 1e-12);
      assertNear(pair.difference, b - a, 1e-9);
      // Both limits and p come from other random numbers than scipy's: a few standard errors of resampling.
      assertClose(pair.p, p, 0.01);
      const width = ci[1] - ci[0];
      for (const side of [0, 1] as const) assertClose(pair.ci[side], ci[side], 0.06 * width);
      assert.equal(pair.test, 'permutation');
    });
  }

  it('exact match is a proportion: the same interval, test and smallest difference as accuracy', () => {
    const labels = ['yes', 'no'];
    const gold = Int32Array.from({ length: 60 }, (_, i) => i % 2);
    const ofA = gold.map((label, i) => (i % 5 === 0 ? 1 - label : label));
    const ofB = gold.map((label, i) => (i % 13 === 0 ? 1 - label : label));
    const word = (label: number) => labels[label] ?? '';
    const accuracy = summarise({
      data: 'd.test',
      labels,
      references: gold,
      candidates: [
        { name: 'a', predictions: ofA, latencies: new Float64Array(60) },
        { name: 'b', predictions: ofB, latencies: new Float64Array(60) },
      ],
      metrics: ['accuracy'],
      seed: 42,
    });
    const texts = [...gold].map((label) => [word(label)]);
    const exact = summary([measured('exact_match', [[...ofA].map(word), [...ofB].map(word)], texts)]);
    assert.deepEqual(exact.candidates['b']?.['exact_match'], accuracy.candidates['b']?.['accuracy']);
    assert.deepEqual(exact.pairs, [{ ...accuracy.pairs[0], metric: 'exact_match' }]);
  });

  it("corrects over all pairs, and says BLEU in sacrebleu's points", () => {
    const perfect = corpora.references;
    const { pairs, verdict } = summary(
      [measured('bleu', [corpora.a, corpora.b, perfect])],
      ['a', 'b', 'gold'],
    );
    assert.equal(pairs.length, 3);
    assert.ok(pairs.every((pair) => pair.pAdjusted >= pair.p));
    assert.match(
      verdict,
      /^gold beats a by \d\d\.\d points of BLEU \(95 % CI \d\d\.\d to \d\d\.\d, n = 40\) and b by/,
    );
  });

  it('less is better for perplexity, and a verdict says so without points', () => {
    const numbers = [3, 2].map((base) => Float64Array.from({ length: 50 }, (_, i) => base + (i % 7) / 10));
    const { verdict } = summary([{ name: 'perplexity', statistic: MEAN, numbers }]);
    assert.match(verdict, /^b beats a by 1 in perplexity/);
  });

  it('has no value without examples', () => {
    assert.throws(() => summary([measured('rougeL', [[], []], [])]), RangeError);
  });

  it('same outputs differ by nothing', () => {
    const { pairs, verdict } = summary([measured('rougeL', [corpora.a, corpora.a])]);
    assert.deepEqual([pairs[0]?.difference, pairs[0]?.p, pairs[0]?.ci], [0, 1, [0, 0]]);
    assert.equal(
      verdict,
      'no difference between a and b could be shown; with n = 40 only differences of 15.0 points of ROUGE-L or more would',
    );
  });
});

describe('additive statistics', () => {
  const numbers = measureTexts('chrf', corpora.a, references);
  const statistic = TEXT_METRICS.chrf;

  it('without one example are those of the others', () => {
    const rest = measureTexts('chrf', corpora.a.slice(1), references.slice(1));
    assertNear(leaveOneOutAdditive(statistic, numbers)[0] ?? NaN, valueOfAll(statistic, rest), 1e-12);
  });

  it('of several candidates see the same resamples', () => {
    const [first, second] = bootstrapAdditive(statistic, [numbers, numbers], {
      n: 40,
      resamples: 50,
      seed: 1,
    });
    assert.deepEqual(first, second);
  });
});
