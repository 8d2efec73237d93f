import assert from 'node:assert/strict';
import fc from 'fast-check';
import { confusionRows, countConfusions } from './confusion.ts';
import { scoreLabels } from './label-scores.ts';
import { bootstrapMacroF1, leaveOneOutMacroF1 } from './macro-f1.ts';
import { classificationMetrics } from './metrics.ts';
import { generatedAnswers } from './testing/answers.ts';
import { assertClose, readFixture } from './testing/fixture.ts';

const { cases } = readFixture<{
  cases: {
    name: string;
    labels: string[];
    references: number[];
    predictions: number[];
    accuracy: number;
    macro_f1: number;
    micro_f1: number;
    precision: number[];
    recall: number[];
    f1: number[];
    support: number[];
    confusion: number[][];
  }[];
}>('classification');

describe('the metrics of a classifier', () => {
  for (const theirs of cases) {
    const { name, labels } = theirs;
    const predictions = Int32Array.from(theirs.predictions);
    const references = Int32Array.from(theirs.references);

    it(`${name}: all are scikit-learn's`, () => {
      const ours = classificationMetrics(predictions, references, labels);
      // Quotients of counts and one mean over at most 77 labels: only rounding differs.
      for (const metric of ['accuracy', 'macro_f1', 'micro_f1'] as const)
        assertClose(ours[metric], theirs[metric], 1e-14, metric);

      const counts = countConfusions(predictions, references, labels.length);
      assert.deepEqual(confusionRows(counts, labels.length), theirs.confusion);
      const scores = scoreLabels(counts, labels);
      assert.deepEqual(
        scores.map((score) => score.label),
        labels,
      );
      scores.forEach((score, i) => {
        for (const field of ['precision', 'recall', 'f1', 'support'] as const)
          assertClose(score[field], theirs[field][i]!, 1e-15, `${score.label} ${field}`);
      });
    });
  }

  it('leaving one example out gives what is computed without it', () => {
    fc.assert(
      fc.property(generatedAnswers({ examples: 15 }), ({ a, references, labels }) => {
        const leftOut = leaveOneOutMacroF1(a, references, labels.length);
        if (a.length === 1) return assert.deepEqual([...leftOut], [0]);
        leftOut.forEach((value, i) => {
          const others = (row: Int32Array) => row.filter((_, at) => at !== i);
          assertClose(value, classificationMetrics(others(a), others(references), labels).macro_f1, 1e-14);
        });
      }),
    );
  });

  it('a resample is scored as if it were the examples', () => {
    // With one example every resample is that example.
    for (const prediction of [0, 1]) {
      const [distribution] = bootstrapMacroF1([Int32Array.of(prediction)], Int32Array.of(1), 2, {
        resamples: 10,
        seed: 1,
      });
      assert.ok(distribution!.every((value) => value === prediction));
    }
  });

  it('refuse no examples, arrays that do not fit, and what is no label', () => {
    assert.throws(() => classificationMetrics(new Int32Array(0), new Int32Array(0), ['a']), /no examples/);
    assert.throws(() => classificationMetrics(Int32Array.of(0), Int32Array.of(0, 0), ['a']), RangeError);
    assert.throws(() => classificationMetrics(Int32Array.of(1), Int32Array.of(0), ['a']), /Example 0/);
    assert.throws(() => classificationMetrics(Int32Array.of(0), Int32Array.of(-1), ['a']), /Example 0/);
  });
});
