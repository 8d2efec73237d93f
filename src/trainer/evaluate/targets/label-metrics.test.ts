import assert from 'node:assert/strict';
import { assertClose, readFixture } from '../testing/fixture.ts';
import { countLabels, flagsOf, multiLabelMetrics, scoreLabelCounts } from './label-metrics.ts';

type Name = 'micro_f1' | 'macro_f1' | 'samples_f1' | 'accuracy' | 'hamming_loss';
type Score = 'precision' | 'recall' | 'f1' | 'support';
type Case = { name: string; references: number[][]; predictions: number[][] } & Record<Name, number> &
  Record<Score, number[]>;

describe('metrics of rows with several labels, beside scikit-learn', () => {
  for (const made of readFixture<{ cases: Case[] }>('multi_label').cases) {
    it(made.name, () => {
      const [predictions, references] = [made.predictions, made.references].map((rows) =>
        Uint8Array.from(rows.flat()),
      );
      const width = made.references[0]!.length;
      const ours = multiLabelMetrics(predictions!, references!, width);
      for (const [metric, value] of Object.entries(ours)) {
        // SAFETY: the names of the metrics are those of the fixture.
        assertClose(Number(value), made[metric as Name], 1e-12, metric);
      }
      const names = made.references[0]!.map((_, label) => `label ${label}`);
      scoreLabelCounts(countLabels(predictions!, references!, width), names).forEach((score, label) => {
        for (const name of ['precision', 'recall', 'f1', 'support'] as const)
          assertClose(score[name], made[name][label]!, 1e-12, `${name} of ${label}`);
      });
    });
  }

  it('gives a label above a probability of a half, not at it', () => {
    assert.deepEqual([...flagsOf([0.1, 0, -0.1])], [1, 0, 0]);
  });

  it('refuses no rows', () => {
    assert.throws(() => multiLabelMetrics(new Uint8Array(), new Uint8Array(), 2), RangeError);
  });
});
