import assert from 'node:assert/strict';
import { assertClose, assertNear, readFixture } from '../testing/fixture.ts';
import { bootstrapMacroF1, leaveOneOutMacroF1 } from '../macro-f1.ts';
import { classificationMetrics } from '../metrics.ts';
import { bcaInterval, jackknifeAcceleration } from './bca.ts';
import { bootstrap, resamplesFor, standardError } from './bootstrap.ts';

interface Reference {
  observed: number;
  left_out: number[];
  distribution: number[];
  ci: [number, number];
  ci_of_9999: [number, number];
  standard_error_of_9999: number;
}

const fixture = readFixture<{
  labels: string[];
  references: number[];
  a: number[];
  b: number[];
  of_a: Reference;
  difference: Reference;
}>('bootstrap');
const { labels, of_a, difference } = fixture;
const [references, a, b] = [fixture.references, fixture.a, fixture.b].map((row) => Int32Array.from(row));

const SUBJECTS: [name: string, reference: Reference, observed: number, leftOut: Float64Array][] = [
  ['macro-F1', of_a, macroF1(a!), leftOutOf(a!)],
  [
    'the difference of two macro-F1',
    difference,
    macroF1(b!) - macroF1(a!),
    leftOutOf(b!).map((value, i) => value - leftOutOf(a!)[i]!),
  ],
];

describe('BCa intervals', () => {
  for (const [name, reference, observed, leftOut] of SUBJECTS) {
    it(`of ${name}: the observed value and the jackknife are scikit-learn's`, () => {
      assertClose(observed, reference.observed, 1e-14);
      assert.equal(leftOut.length, reference.left_out.length);
      leftOut.forEach((value, i) => assertClose(value, reference.left_out[i]!, 1e-14));
    });

    it(`of ${name}: from the same resamples the interval is scipy's`, () => {
      const acceleration = jackknifeAcceleration(leftOut);
      // Sums of 80 terms in another order, and then an interpolation between two resamples.
      const [low, high] = bcaInterval(Float64Array.from(reference.distribution), observed, acceleration)!;
      assertClose(low, reference.ci[0], 1e-10);
      assertClose(high, reference.ci[1], 1e-10);
    });
  }

  it('from resamples of our own they are those of scipy but for chance', () => {
    const [ofA, ofB] = bootstrapMacroF1([a!, b!], references!, labels.length, { resamples: 9999, seed: 42 });
    const distributions = [ofA!, ofB!.map((value, i) => value - ofA![i]!)];
    SUBJECTS.forEach(([name, reference, observed, leftOut], i) => {
      const interval = bcaInterval(distributions[i]!, observed, jackknifeAcceleration(leftOut))!;
      // A limit is a quantile near 2.5 %: its standard error over 9,999 resamples is some 3 % of the standard
      // error of the statistic, here 0.002. Four of them, for either side's chance, are 0.01.
      assertClose(interval[0], reference.ci_of_9999[0], 0.01, name);
      assertClose(interval[1], reference.ci_of_9999[1], 0.01, name);
      // A standard deviation of 9,999 values is known to 1 / sqrt(2 · 9,999) = 0.7 %.
      assertNear(standardError(distributions[i]!), reference.standard_error_of_9999, 0.03, name);
    });
  });

  it('say nothing where every resample gives the observed value', () => {
    assert.equal(bcaInterval(new Float64Array(100).fill(0.5), 0.5, 0), undefined);
  });

  it('stay finite where the observed value lies at the edge of all resamples', () => {
    const distribution = Float64Array.from({ length: 1000 }, (_, i) => i / 1000);
    for (const observed of [0, 0.999, 1.5, -1]) {
      const interval = bcaInterval(distribution, observed, 0.02)!;
      assert.ok(interval.every((limit) => limit >= 0 && limit <= 0.999) && interval[0] <= interval[1]);
    }
  });
});

describe('bootstrap', () => {
  const mean = (drawn: Int32Array, into: Float64Array) => {
    into[0] = drawn.reduce((sum, i) => sum + i, 0) / drawn.length;
  };

  it('gives the same for the same seed, and something else for another', () => {
    const run = (seed: number) => bootstrap({ n: 20, resamples: 50, seed }, 1, mean)[0]!;
    assert.deepEqual(run(3), run(3));
    assert.notDeepEqual(run(3), run(4));
  });

  it('has the standard error of a mean', () => {
    const n = 100;
    const [distribution] = bootstrap({ n, resamples: 20_000, seed: 1 }, 1, mean);
    // The indices 0 … 99 have a variance of (n² - 1) / 12, their mean one of that over n.
    assertNear(standardError(distribution!), Math.sqrt((n ** 2 - 1) / 12 / n), 0.02);
  });

  it('draws only the one example of one', () => {
    assert.ok(bootstrap({ n: 1, resamples: 100, seed: 1 }, 1, mean)[0]!.every((value) => value === 0));
  });

  it('draws fewer resamples of many examples, and never under a thousand', () => {
    assert.equal(resamplesFor(1), 10_000);
    assert.equal(resamplesFor(3000), 10_000);
    assert.equal(resamplesFor(6000), 5000);
    assert.equal(resamplesFor(10_000_000), 1000);
  });
});

function macroF1(predictions: Int32Array): number {
  return classificationMetrics(predictions, references!, labels).macro_f1;
}

function leftOutOf(predictions: Int32Array): Float64Array {
  return leaveOneOutMacroF1(predictions, references!, labels.length);
}
