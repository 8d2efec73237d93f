import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedRun } from '../../src/language/resolved.ts';
import { TunebookError } from '../../src/protocol/error.ts';
import { readEvents } from '../../src/runs/events.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { listCheckpoints } from '../../src/trainer/checkpoint/checkpoint.ts';
import { readTensors } from '../../src/trainer/safetensors/read.ts';
import { writeSafetensors } from '../../src/trainer/safetensors/write.ts';
import { fixtureFolder } from './support/fixture.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { metrics, trainInFolder } from './support/train-in-folder.ts';

describe('a loss that is not a number', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const folder = fixtureFolder('bert-classifier');

  async function failing(run: ResolvedRun): Promise<{ dir: string; error: TunebookError }> {
    const dir = newRun(workspace.path);
    const error: unknown = await trainInFolder(workspace.path, run, { dir }).catch((e: unknown) => e);
    assert.ok(error instanceof TunebookError, String(error));
    return { dir, error };
  }

  for (const method of [{ full: {} }, { lora: { target_modules: 'all-linear' as const } }]) {
    it(`ends the run, is shown, and leaves the weights: ${Object.keys(method)[0]}`, async () => {
      const { dir, error } = await failing(
        resolvedRun({
          base: folder,
          train: join(folder, 'train.csv'),
          numLabels: 5,
          method,
          arguments: { max_steps: 50, learning_rate: 1e36, save_strategy: 'no' },
        }),
      );
      assert.equal(error.code, 'train/not-a-number');
      const step = Number(/of step (\d+) is not a number/.exec(error.message)?.[1]);
      assert.match(error.message, new RegExp(`they are in checkpoint-${step - 1}\\.`));
      assert.match(error.hint ?? '', /Lower learning_rate/);
      const shown = metrics(readEvents(dir).events, 'train');
      assert.equal(shown.at(-1)?.step, step);
      assert.ok(['NaN', 'Infinity', '-Infinity'].includes(String(shown.at(-1)?.values['loss'])));
      assert.deepEqual(listCheckpoints(dir), [step - 1]);
      const file = 'lora' in method ? 'adapter_model.safetensors' : 'model.safetensors';
      for (const { data } of readTensors(join(dir, `checkpoint-${step - 1}`, file)).values())
        assert.ok(data.every(Number.isFinite));
    });
  }

  for (const [value, method] of [
    [NaN, { full: {} }],
    [-Infinity, { lora: {} }],
  ] as const) {
    const name = 'bert.encoder.layer.0.output.dense.bias';
    it(`names the weight of the base that was ${value} to begin with, and saves none: ${Object.keys(method)[0]}`, async () => {
      const broken = join(workspace.path, `broken-${value}`);
      cpSync(folder, broken, { recursive: true });
      const tensors = readTensors(join(folder, 'model.safetensors'));
      tensors.get(name)!.data[3] = value;
      writeSafetensors(join(broken, 'model.safetensors'), tensors);
      const { dir, error } = await failing(
        resolvedRun({
          base: broken,
          train: join(folder, 'train.csv'),
          numLabels: 5,
          method,
          arguments: { max_steps: 5 },
        }),
      );
      assert.equal(error.code, 'train/not-a-number');
      assert.equal(
        error.message,
        `The loss of step 1 is not a number, as a weight that the run starts from is none: ${name} in ${broken} holds ${value}.`,
      );
      assert.match(error.hint ?? '', /copy the model again/);
      assert.deepEqual(listCheckpoints(dir), []);
    });
  }
});
