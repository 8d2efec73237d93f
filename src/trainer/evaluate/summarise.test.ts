import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EvaluationResult, PairComparison } from '../../protocol/evaluation.ts';
import { summarise, type Answers, type EvaluateMetric } from './summarise.ts';
import { generatedAnswers } from './testing/answers.ts';
import { assertClose, readFixture } from './testing/fixture.ts';

const METRICS: EvaluateMetric[] = ['accuracy', 'macro_f1', 'latency'];

/** Summarises candidates that give these label indices, each example in 1, 2, 3, … ms. */
function summariseAnswers(
  references: readonly number[],
  predictions: Record<string, readonly number[]>,
  options: Partial<Answers> = {},
): EvaluationResult {
  return summarise({
    data: 'intents.test',
    labels: ['a', 'b', 'c'],
    references: Int32Array.from(references),
    candidates: Object.entries(predictions).map(([name, answers]) => ({
      name,
      predictions: Int32Array.from(answers),
      latencies: Float64Array.from(answers, (_, i) => i + 1),
    })),
    metrics: METRICS,
    seed: 42,
    ...options,
  });
}

function pairOf(result: EvaluationResult, metric: string): PairComparison {
  const pair = result.pairs.find((candidate) => candidate.metric === metric);
  assert.ok(pair, `there is no pair on ${metric}`);
  return pair;
}

describe('summarise', () => {
  it('measures one example, and says that it shows nothing', () => {
    const result = summariseAnswers([1], { wrong: [0], right: [1] });
    assert.equal(result.candidates['wrong']!['accuracy']!.value, 0);
    assert.equal(result.candidates['right']!['macro_f1']!.value, 1);
    assert.deepEqual(result.candidates['right']!['latency'], { value: 1, ci: [1, 1], n: 1 });
    const pair = pairOf(result, 'accuracy');
    assert.equal(pair.difference, 1);
    assert.equal(pair.p, 1);
    assert.equal(pair.smallestDifference, null);
    assert.match(result.verdict, /n = 1 is too few to show any$/);
  });

  it('gives all right and all wrong an interval with a width', () => {
    const n = 40;
    const result = summariseAnswers(new Array<number>(n).fill(1), {
      wrong: new Array<number>(n).fill(0),
      right: new Array<number>(n).fill(1),
    });
    for (const metric of ['accuracy', 'macro_f1']) {
      const [low, high] = result.candidates['right']![metric]!.ci;
      assert.ok(low > 0.9 && low < 1 && high === 1, metric);
      const [none, some] = result.candidates['wrong']![metric]!.ci;
      assert.ok(none === 0 && some > 0 && some < 0.1, metric);
      const pair = pairOf(result, metric);
      assert.equal(pair.difference, 1);
      assert.ok(pair.ci[0] > 0.8 && pair.ci[0] < 1 && pair.ci[1] === 1, metric);
      assert.ok(pair.pAdjusted < 0.001, metric);
    }
    assert.match(result.verdict, /^right beats wrong by 100\.0 points of accuracy/);
  });

  it('finds no difference of identical candidates, on any metric', () => {
    const references = Array.from({ length: 60 }, (_, i) => i % 3);
    const answers = references.map((label, i) => (i % 5 === 0 ? (label + 1) % 3 : label));
    const result = summariseAnswers(references, { one: answers, other: answers });
    for (const metric of ['accuracy', 'macro_f1']) {
      const pair = pairOf(result, metric);
      assert.equal(pair.difference, 0);
      assert.equal(pair.p, 1);
      assert.ok(pair.ci[0] < 0 && pair.ci[1] > 0, metric);
      // Six examples that all go one way are the fewest that the test calls significant.
      assertClose(pair.smallestDifference!, 6 / 60, 1e-12, metric);
    }
    assert.match(result.verdict, /^no difference between one and other could be shown; with n = 60/);
  });

  it('reads the first metric for the verdict, whichever it is', () => {
    const references = Array.from({ length: 200 }, (_, i) => i % 3);
    const candidates = { none: references.map((label) => (label + 1) % 3), all: references };
    const on = (...metrics: EvaluateMetric[]) =>
      summariseAnswers(references, candidates, { metrics }).verdict;
    assert.match(on('macro_f1', 'accuracy'), /points of macro-F1/);
    assert.match(on('latency', 'accuracy'), /points of accuracy/);
    assert.match(on('latency'), /^none takes 101 ms an example and all takes 101 ms an example$/);
  });

  it('measures nothing that was not asked for', () => {
    const result = summariseAnswers([0, 1], { a: [0, 1], b: [0, 0] }, { metrics: ['accuracy'] });
    assert.deepEqual(Object.keys(result.candidates['a']!), ['accuracy']);
    assert.deepEqual(
      result.pairs.map((pair) => pair.metric),
      ['accuracy'],
    );
  });

  it('counts confusions and scores labels with the names of all labels, also of those that never occur', () => {
    const result = summariseAnswers([0, 0, 1], { tuned: [0, 1, 1] });
    assert.deepEqual(result.confusion!['tuned'], {
      labels: ['a', 'b', 'c'],
      counts: [
        [1, 1, 0],
        [0, 1, 0],
        [0, 0, 0],
      ],
    });
    assert.deepEqual(result.perLabel!['tuned']![2], {
      label: 'c',
      precision: 0,
      recall: 0,
      f1: 0,
      support: 0,
    });
  });

  it('corrects p for the number of pairs of a metric', () => {
    const references = new Array<number>(30).fill(0);
    const rightFor = (count: number) => references.map((label, i) => (i < count ? label : 1));
    const result = summariseAnswers(references, { a: rightFor(10), b: rightFor(18), c: rightFor(30) });
    const pairs = result.pairs.filter((pair) => pair.metric === 'accuracy');
    assert.deepEqual(
      pairs.map(({ a, b }) => [a, b]),
      [
        ['a', 'b'],
        ['a', 'c'],
        ['b', 'c'],
      ],
    );
    // 8, 20 and 12 examples differ, all one way: p = 2 / 2^m; Holm takes the smallest times 3, the next times 2.
    const p = [8, 20, 12].map((m) => 2 / 2 ** m);
    pairs.forEach((pair, i) => assertClose(pair.p, p[i]!, 1e-15));
    const adjusted = [p[0]!, 3 * p[1]!, 2 * p[2]!];
    pairs.forEach((pair, i) => assertClose(pair.pAdjusted, adjusted[i]!, 1e-15));
  });

  it('is the same for the same answers, and survives JSON', () => {
    const { references, a, b, labels } = readFixture<{
      references: number[];
      a: number[];
      b: number[];
      labels: string[];
    }>('bootstrap');
    const once = summariseAnswers(references, { a, b }, { labels });
    assert.deepEqual(summariseAnswers(references, { a, b }, { labels }), once);
    assert.deepEqual(JSON.parse(JSON.stringify(once)), once);
  });

  it('holds for whatever is answered: intervals contain what they are of, and exchanging candidates changes signs alone', () => {
    const property = fc.property(generatedAnswers(), ({ a, b, references, labels }) => {
      const run = (candidates: Record<string, Int32Array>) =>
        summariseAnswers(
          [...references],
          Object.fromEntries(Object.entries(candidates).map(([name, answers]) => [name, [...answers]])),
          { labels },
        );
      const [result, turned] = [run({ a, b }), run({ b, a })];
      for (const metrics of Object.values(result.candidates)) {
        for (const { value, ci } of Object.values(metrics)) {
          assert.ok(ci[0] <= value && value <= ci[1], `${value} is not in ${ci.join(' to ')}`);
        }
      }
      assert.equal(result.pairs.length, 2);
      result.pairs.forEach((pair, i) => {
        const other = turned.pairs[i]!;
        assert.ok(pair.ci[0] <= pair.difference && pair.difference <= pair.ci[1]);
        assertClose(other.difference, -pair.difference, 1e-15);
        // BCa takes the acceleration at either end alike, but interpolates between resamples from below.
        assertClose(other.ci[0], -pair.ci[1], 1e-9);
        assertClose(other.ci[1], -pair.ci[0], 1e-9);
        // Where too many answers differ to try every exchange, the same random exchanges are tried for both.
        assertClose(other.p, pair.p, 1e-12);
        assert.equal(other.smallestDifference, pair.smallestDifference);
        assert.ok(pair.pAdjusted >= pair.p);
      });
    });
    // Ten thousand resamples each.
    fc.assert(property, { numRuns: 40 });
  });

  it('refuses no examples', () => {
    assert.throws(() => summariseAnswers([], { a: [] }), /no examples/);
  });
});
