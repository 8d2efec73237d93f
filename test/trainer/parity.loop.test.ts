import assert from 'node:assert/strict';
import { join } from 'node:path';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { readHeaders } from '../../src/trainer/safetensors/read.ts';
import { startFromAdapter } from './support/adapter-start.ts';
import { absoluteDeviation, relativeDeviation } from './support/deviation.ts';
import { fixtureFolder, readCase, readRows } from './support/fixture.ts';
import { predictOutput } from './support/predict-output.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { trainInFolder, trainMetric } from './support/train-in-folder.ts';

const CASES = [
  'full',
  'cosine',
  'label_smoothing',
  'accumulation',
  'lora',
  'lora_bias',
  'lora_all_linear',
  'adafactor',
  'lora_adafactor',
];

/** What an adapter's file holds, but for what PEFT's wrappers hold of a module beside its trained weights. */
function namesIn(folder: string): string[] {
  return readHeaders(folder)
    .flatMap(({ tensors }) => [...tensors.keys()])
    .filter((name) => !/\.(modules_to_save|original_module)\./.test(name))
    .sort();
}

describe('a run from its config, beside Hugging Face Trainer', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  for (const name of CASES) {
    it(`${name}: the losses and gradient norms of events.jsonl, and the logits of output/`, async () => {
      const reference = readCase('bert-classifier', name);
      const { input_ids } = readRows('bert-classifier');
      const folder = fixtureFolder('bert-classifier');
      const run = resolvedRun({
        base: folder,
        train: join(folder, 'train.csv'),
        numLabels: 5,
        method: reference.method,
        arguments: { ...reference.arguments, train_sampling_strategy: 'sequential', save_strategy: 'no' },
      });
      const dir = newRun(workspace.path);
      // PEFT drew the adapter at random: the run starts from what it drew.
      const adapted = 'lora' in reference.method;
      if (adapted) await startFromAdapter(dir, run, join(folder, name));

      const { events, outcome } = await trainInFolder(workspace.path, run, { dir, resume: adapted });
      assert.equal(outcome.state, 'finished');
      const [loss, norm] = [trainMetric(events, 'loss'), trainMetric(events, 'grad_norm')];
      assert.equal(loss.length, 50);
      assert.ok(relativeDeviation(loss, reference.loss) < 1e-5);
      assert.ok(relativeDeviation(norm, reference.grad_norm) < 1e-5);
      const rates = trainMetric(events, 'learning_rate');
      assert.ok(absoluteDeviation([rates], [reference.learning_rate]) < 1e-12);
      const logits = await predictOutput(join(dir, 'output'), run, input_ids.slice(0, 8));
      assert.ok(absoluteDeviation(logits, reference.logits_after) < 1e-4);
      assert.ok(absoluteDeviation(logits, reference.logits_before) > 0.05);
      if (adapted) assert.deepEqual(namesIn(join(dir, 'output')), namesIn(join(folder, name)));
    });
  }
});
