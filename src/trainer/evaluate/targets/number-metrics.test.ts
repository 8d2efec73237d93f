import assert from 'node:assert/strict';
import { assertClose, readFixture } from '../testing/fixture.ts';
import { regressionMetrics } from './number-metrics.ts';

interface Case {
  name: string;
  references: number[];
  predictions: number[];
  mse: number;
  mae: number;
  r2: number;
  pearson: number | null;
  spearmanr: number | null;
}

describe('metrics of numbers, beside scikit-learn and SciPy', () => {
  for (const made of readFixture<{ cases: Case[] }>('regression').cases) {
    it(made.name, () => {
      const ours = regressionMetrics(made.predictions, made.references);
      for (const name of ['mse', 'mae', 'r2'] as const)
        assertClose(ours[name], made[name], 1e-9 * Math.max(1, Math.abs(made[name])), name);
      for (const name of ['pearson', 'spearmanr'] as const) {
        const theirs = made[name];
        if (theirs === null) assert.ok(Number.isNaN(ours[name]), `${name} ${ours[name]}`);
        else assertClose(ours[name], theirs, 1e-9, name);
      }
    });
  }

  it('refuses no rows', () => assert.throws(() => regressionMetrics([], []), RangeError));
});
