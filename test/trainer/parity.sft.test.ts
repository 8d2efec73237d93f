import assert from 'node:assert/strict';
import { fromWire } from '../../src/protocol/numbers.ts';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { assertParity, relativeDeviation } from './support/deviation.ts';
import { RESUMED_SFT_CASES, SFT_CASES, readSftCase, trainSftCase } from './support/sft-case.ts';
import { metrics, trainMetric } from './support/train-in-folder.ts';

describe('texts, prompts and conversations, beside TRL’s SFTTrainer', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  for (const name of [...SFT_CASES, ...RESUMED_SFT_CASES]) {
    it(`${name}: every loss, gradient norm and learning rate, the evaluation, and the logits of output/`, async () => {
      const reference = readSftCase(name);
      const trained = await trainSftCase(workspace.path, name);
      assert.equal(trained.outcome.state, 'finished');
      assert.equal(trained.numbers.loss.length, 50);
      assertParity(trained.numbers, reference);
      const rates = trainMetric(trained.events, 'learning_rate');
      assert.ok(relativeDeviation(rates, reference.learning_rate) < 1e-8);
      const evaluation = metrics(trained.events, 'eval').at(-1)!.values;
      for (const [metric, value] of Object.entries(reference.eval))
        assert.ok(Math.abs(fromWire(evaluation[metric]!) - value) < 1e-5, metric);
      // A training that changed nothing would agree too.
      assert.ok(reference.loss[0]! - reference.loss.at(-1)! > 0.1);
    });
  }
});
