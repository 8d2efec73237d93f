import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { fixtureFolder } from './support/fixture.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { metrics, trainInFolder } from './support/train-in-folder.ts';

describe('early stopping', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const train = async (patience: number | null, threshold = 0) => {
    const folder = fixtureFolder('bert-classifier');
    const run = resolvedRun({
      base: folder,
      train: join(folder, 'train.csv'),
      eval: join(folder, 'test.csv'),
      numLabels: 5,
      arguments: {
        max_steps: 60,
        per_device_train_batch_size: 8,
        learning_rate: 5e-3,
        eval_strategy: 'steps',
        eval_steps: 3,
        save_strategy: 'steps',
        save_steps: 3,
        load_best_model_at_end: true,
        early_stopping_patience: patience,
        early_stopping_threshold: threshold,
      },
    });
    return trainInFolder(workspace.path, run);
  };

  it('ends a run whose metric has not improved in so many evaluations, as a finished one with its best model', async () => {
    const { events, outcome } = await train(2);
    assert.equal(outcome.state, 'finished');
    const losses = metrics(events, 'eval').map(({ values }) => Number(values['eval_loss']));
    const best = Math.min(...losses);
    assert.equal(losses.indexOf(best), losses.length - 3, losses.join(' '));
    assert.ok(losses.length < 20);
    assert.equal(outcome.metrics['eval_loss'], best);
    const warning = events.find((event) => event.type === 'warning' && event.code === 'run/stopped-early');
    assert.ok(warning);
  });

  it('counts an improvement that is no larger than the threshold as none', async () => {
    const { events } = await train(2, 1000);
    assert.equal(metrics(events, 'eval').length, 3);
  });

  it('trains to the end without a patience', async () => {
    const { events } = await train(null);
    assert.equal(metrics(events, 'eval').length, 20);
  });
});
