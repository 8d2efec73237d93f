import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generatedAnswers } from '../testing/answers.ts';
import { assertClose, readFixture } from '../testing/fixture.ts';
import { permuteMacroF1 } from '../macro-f1.ts';
import { classificationMetrics } from '../metrics.ts';
import { permutationTest } from './permutation.ts';

const { cases } = readFixture<{
  cases: {
    name: string;
    references: number[];
    a: number[];
    b: number[];
    labels: number;
    exact: boolean;
    p: number;
    differing: number;
  }[];
}>('permutation');

describe('the paired permutation test', () => {
  for (const { name, labels, exact, p, differing, ...rows } of cases) {
    it(`where ${name}: p of macro-F1 is scipy's`, () => {
      const [references, a, b] = [rows.references, rows.a, rows.b].map((row) => Int32Array.from(row));
      assert.equal(a!.filter((answer, i) => answer !== b![i]).length, differing);
      const ours = permuteMacroF1(a!, b!, references!, labels, { rounds: 9999, seed: 1 });
      // Exact on both sides; else each side counts 9,999 random exchanges: a standard error of sqrt(2 · p / 9,999),
      // of which four are allowed.
      assertClose(ours, p, exact ? 1e-12 : 4 * Math.sqrt((2 * p) / 9999));
    });
  }

  it('is McNemar, doubled tail for doubled tail, where the metric is accuracy', () => {
    // 9 examples differ, 8 of them in favour of b: p = 2 · P(X >= 8 of 9) = 2 · 10 / 512.
    const gain = Float64Array.of(1, 1, 1, 1, 1, 1, 1, 1, -1);
    const difference = (exchanged: Uint8Array) =>
      gain.reduce((sum, value, i) => sum + (exchanged[i] === 1 ? -value : value), 0);
    assert.equal(permutationTest({ rounds: 0, seed: 1 }, 9, 7, difference), 20 / 512);
  });

  it('tries all exchanges where few differ, and never says 0 where it samples', () => {
    let calls = 0;
    const count = () => {
      calls++;
      return 0;
    };
    permutationTest({ rounds: 50, seed: 1 }, 12, 1, count);
    assert.equal(calls, 2 ** 12);
    assert.equal(permutationTest({ rounds: 50, seed: 1 }, 13, 1, count), 1 / 51);
    assert.equal(calls, 2 ** 12 + 50);
  });

  it('has p = 1 where no example was answered differently', () => {
    assert.equal(
      permutationTest({ rounds: 50, seed: 1 }, 0, 0, () => 0),
      1,
    );
  });

  it('takes no side, and its p is at least that of the exchange of nothing and of all', () => {
    fc.assert(
      fc.property(generatedAnswers({ examples: 12 }), ({ a, b, references, labels }) => {
        const options = { rounds: 100, seed: 1 };
        const p = permuteMacroF1(a, b, references, labels.length, options);
        assert.equal(p, permuteMacroF1(b, a, references, labels.length, options));
        const differing = a.filter((answer, i) => answer !== b[i]).length;
        assert.ok(p >= Math.min(1, 2 / 2 ** differing) && p <= 1);
        const score = (answers: Int32Array) => classificationMetrics(answers, references, labels).macro_f1;
        if (score(a) === score(b)) assert.equal(p, 1);
      }),
    );
  });
});
