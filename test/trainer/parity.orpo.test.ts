import assert from 'node:assert/strict';
import { fromWire } from '../../src/protocol/numbers.ts';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { absoluteDeviation, relativeDeviation } from './support/deviation.ts';
import { ORPO_CASES, readOrpoCase, trainOrpoCase } from './support/orpo-case.ts';
import { metrics, trainMetric } from './support/train-in-folder.ts';

const REWARDS = ['chosen', 'rejected', 'accuracies', 'margins'].map((name) => `rewards/${name}`);
const METRICS = [
  ...REWARDS,
  'logps/chosen',
  'logps/rejected',
  'nll_loss',
  'log_odds_ratio',
  'log_odds_chosen',
];

describe('runs that learn answers and preferences at once, beside TRL’s ORPOTrainer', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  for (const name of ORPO_CASES) {
    it(`${name}: every loss, gradient norm and reward, and the evaluation`, async () => {
      const reference = readOrpoCase(name);
      const { events, outcome } = await trainOrpoCase(workspace.path, name);
      assert.equal(outcome.state, 'finished');
      const of = (metric: string) => trainMetric(events, metric);
      assert.equal(of('loss').length, reference.loss.length);
      const deviations = {
        loss: relativeDeviation(of('loss'), reference.loss),
        grad_norm: relativeDeviation(of('grad_norm'), reference.grad_norm),
      };
      assert.ok(deviations.loss < 1e-5, JSON.stringify(deviations));
      assert.ok(deviations.grad_norm < 1e-5, JSON.stringify(deviations));
      for (const metric of METRICS) {
        const theirs: unknown = Reflect.get(reference, metric);
        assert.ok(Array.isArray(theirs), metric);
        assert.ok(absoluteDeviation([of(metric)], [theirs.map(Number)]) < 2e-4, metric);
      }
      const evaluation = metrics(events, 'eval').at(-1)!.values;
      for (const [metric, value] of Object.entries(reference.eval))
        assert.ok(Math.abs(fromWire(evaluation[metric]!) - value) < 2e-4, metric);
      // A training that changed nothing would agree too.
      assert.ok(Math.abs(reference.loss.at(-1)! - reference.loss[0]!) > 0.01);
    });
  }
});
