import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromWire } from '../../src/protocol/numbers.ts';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { listCheckpoints } from '../../src/trainer/checkpoint/checkpoint.ts';
import type { TrainerState } from '../../src/trainer/checkpoint/trainer-state.ts';
import { relativeDeviation } from './support/deviation.ts';
import { fixtureFolder, readFlows, type Flow } from './support/fixture.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { checkpointSteps, metrics, trainInFolder } from './support/train-in-folder.ts';

/** A learning rate of 0.05 throws the weights about: what rounding does grows with every step. */
const tolerance = (flow: Flow) => ((flow.arguments.learning_rate ?? 0) > 0.01 ? 1e-3 : 1e-5);

describe('evaluations and checkpoints, beside Hugging Face Trainer', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const folder = fixtureFolder('bert-classifier');

  for (const [name, flow] of Object.entries(readFlows())) {
    it(name.replaceAll('_', ' '), async () => {
      const run = resolvedRun({
        base: folder,
        train: join(folder, 'train.csv'),
        eval: join(folder, 'test.csv'),
        numLabels: 5,
        arguments: { ...flow.arguments, train_sampling_strategy: 'sequential' },
      });
      const { dir, events, outcome } = await trainInFolder(workspace.path, run);
      assert.equal(outcome.state, 'finished');

      const theirs = flow.events.filter((event) => event.event === 'evaluate');
      const ours = metrics(events, 'eval');
      assert.deepEqual(
        ours.map(({ step }) => step),
        theirs.map(({ step }) => step),
      );
      assert.ok(
        relativeDeviation(
          ours.map(({ epoch }) => epoch),
          theirs.map(({ epoch }) => epoch),
        ) < 1e-8,
      );
      // Trainer drops the short last batch of evaluation data too; ours never leaves rows out of an evaluation.
      if (!flow.arguments.dataloader_drop_last) {
        const values = (metric: string) => ours.map((event) => fromWire(event.values[metric]!));
        const expected = theirs.map(({ eval_loss }) => eval_loss);
        assert.ok(relativeDeviation(values('eval_loss'), expected) < tolerance(flow));
        const accuracies = theirs.map(({ eval_accuracy }) => eval_accuracy);
        assert.ok(relativeDeviation(values('eval_accuracy'), accuracies) < 1e-6);
        const result = outcome.metrics['eval_loss'] ?? NaN;
        assert.ok(relativeDeviation([result], [flow.eval_loss_of_result]) < tolerance(flow));
      }

      const saves = flow.events.filter((event) => event.event === 'save');
      assert.deepEqual(
        checkpointSteps(events),
        saves.map(({ step }) => step),
      );
      assert.deepEqual(listCheckpoints(dir), flow.kept);
      if (flow.kept.length > 0) checkState(dir, flow);
    });
  }
});

/** `trainer_state.json` of the newest checkpoint that is left. */
function checkState(dir: string, flow: Flow): void {
  const newest = flow.kept.at(-1)!;
  // SAFETY: a checkpoint that train() wrote.
  const state = JSON.parse(
    readFileSync(join(dir, `checkpoint-${newest}`, 'trainer_state.json'), 'utf8'),
  ) as TrainerState;
  assert.equal(state.max_steps, flow.max_steps);
  assert.equal(state.num_train_epochs, flow.num_train_epochs);
  assert.equal(state.best_model_checkpoint, flow.best_step === null ? null : `checkpoint-${flow.best_step}`);
  if (flow.best_metric !== null)
    assert.ok(relativeDeviation([state.best_metric ?? NaN], [flow.best_metric]) < tolerance(flow));
  const logs = state.log_history.filter((entry) => 'loss' in entry);
  const theirs = flow.logs.filter(([step]) => step <= newest);
  assert.deepEqual(
    logs.map(({ step }) => step),
    theirs.map(([step]) => step),
  );
  const losses = logs.map((entry) => fromWire(entry['loss']!));
  assert.ok(
    relativeDeviation(
      losses,
      theirs.map(([, , loss]) => loss),
    ) < tolerance(flow),
  );
}
