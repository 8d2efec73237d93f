import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import type { Parameter } from '../models/parameter.ts';
import {
  keepOnly,
  listCheckpoints,
  readCheckpoint,
  rotateCheckpoints,
  saveCheckpoint,
  type CheckpointContents,
} from './checkpoint.ts';
import { publishFolder, removeUnfinished } from './publish-folder.ts';

const PARAMETER: Parameter = {
  name: 'classifier.weight',
  shape: [2, 4],
  role: 'weight',
  init: { kind: 'normal', std: 1 },
  tensor: { name: 'classifier.weight', shape: [2, 4], dtype: 'float32' },
};

function contents(step: number): CheckpointContents {
  const values = (scale: number) => Float32Array.from({ length: 8 }, (_, i) => scale * (i + step));
  return {
    description: {
      baseConfig: { model_type: 'bert' },
      task: { kind: 'text-classification', numLabels: 2 },
      labels: ['no', 'yes'],
    },
    parameters: [PARAMETER],
    values: new Map([[PARAMETER.name, values(1)]]),
    state: new Map([
      [
        PARAMETER.name,
        {
          value: values(1),
          optimizer: new Map([
            ['exp_avg', values(0.1)],
            ['exp_avg_sq', values(0.01)],
          ]),
        },
      ],
    ]),
    optimizer: 'adamw',
    trainerState: {
      best_global_step: null,
      best_metric: null,
      best_model_checkpoint: null,
      epoch: 1,
      global_step: step,
      max_steps: 10,
      num_train_epochs: 1,
      train_batch_size: 8,
      logging_steps: 1,
      eval_steps: 1,
      save_steps: 1,
      log_history: [],
      is_local_process_zero: true,
      is_world_process_zero: true,
      tunebook: { lossSum: 0.5, lossSteps: 2, threads: 2, seed: 42 },
    },
  };
}

describe('checkpoints', () => {
  const root = temporaryFolder();
  const newFolder = () => mkdtempSync(join(root.path, 'run-'));
  const folders = (dir: string, ...steps: number[]) =>
    steps.forEach((step) => mkdirSync(join(dir, `checkpoint-${step}`)));

  it('give back what was saved, bit for bit', async () => {
    const dir = newFolder();
    assert.equal(await saveCheckpoint(dir, 3, contents(3)), 'checkpoint-3');
    const { state, trainerState } = readCheckpoint(join(dir, 'checkpoint-3'), [PARAMETER], 'adamw');
    assert.deepEqual(state, contents(3).state);
    assert.deepEqual(trainerState, contents(3).trainerState);
    assert.deepEqual(readdirSync(dir), ['checkpoint-3']);
  });

  it('are found in the order of their steps, unfinished ones are not', () => {
    const dir = newFolder();
    folders(dir, 100, 20, 3);
    mkdirSync(join(dir, '.checkpoint-200.new'));
    mkdirSync(join(dir, 'checkpoint-x'));
    assert.deepEqual(listCheckpoints(dir), [3, 20, 100]);
    assert.deepEqual(listCheckpoints(join(dir, 'nowhere')), []);
  });

  it('that are torn or lack a file say so, and what to do', async () => {
    const dir = newFolder();
    for (const [step, spoil] of [
      [1, (folder: string) => truncateSync(join(folder, 'optimizer.safetensors'), 100)],
      [2, (folder: string) => rmSync(join(folder, 'model.safetensors'))],
      [3, (folder: string) => writeFileSync(join(folder, 'trainer_state.json'), '{"global_step":')],
    ] as const) {
      await saveCheckpoint(dir, step, contents(step));
      const folder = join(dir, `checkpoint-${step}`);
      spoil(folder);
      assert.throws(
        () => readCheckpoint(folder, [PARAMETER], 'adamw'),
        (error: unknown) => {
          assert.ok(error instanceof TunebookError);
          assert.equal(error.code, 'checkpoint/unreadable');
          assert.match(error.message, new RegExp(`checkpoint-${step} cannot be read`));
          return true;
        },
      );
    }
  });

  it('are deleted from the oldest on, but not the newest and not the best', () => {
    const kept = (limit: number | null, best: string | null) => {
      const dir = newFolder();
      folders(dir, 1, 2, 3, 4);
      rotateCheckpoints(dir, limit, best);
      return listCheckpoints(dir);
    };
    assert.deepEqual(kept(null, null), [1, 2, 3, 4]);
    assert.deepEqual(kept(3, null), [2, 3, 4]);
    assert.deepEqual(kept(2, 'checkpoint-1'), [1, 4]);
    assert.deepEqual(kept(1, null), [4]);
    assert.deepEqual(kept(1, 'checkpoint-2'), [2, 4]);
    assert.deepEqual(kept(2, 'checkpoint-9'), [3, 4]);
    assert.deepEqual(kept(9, 'checkpoint-1'), [1, 2, 3, 4]);
  });

  it('keepOnly leaves one', () => {
    const dir = newFolder();
    folders(dir, 1, 2, 3);
    keepOnly(dir, 'checkpoint-2');
    assert.deepEqual(readdirSync(dir), ['checkpoint-2']);
  });
});

describe('publishFolder', () => {
  const root = temporaryFolder();

  it('leaves the former folder as it was when filling fails', async () => {
    const target = join(root.path, 'output');
    await publishFolder(target, 'it', (folder) => writeFileSync(join(folder, 'a'), 'first'));
    const failing = publishFolder(target, 'it', (folder) => {
      writeFileSync(join(folder, 'b'), 'second');
      throw new Error('on the way');
    });
    await assert.rejects(failing, /on the way/);
    assert.deepEqual(readdirSync(root.path), ['output']);
    assert.deepEqual(readdirSync(target), ['a']);
  });

  it('replaces a folder by a whole one', async () => {
    const target = join(root.path, 'output');
    await publishFolder(target, 'it', (folder) => writeFileSync(join(folder, 'c'), 'third'));
    assert.deepEqual(readdirSync(target), ['c']);
  });

  it('what a dead process left is cleared away, and nothing else', () => {
    for (const name of ['.checkpoint-3.new', '.output.old', '.keep', 'checkpoint-2'])
      mkdirSync(join(root.path, name));
    removeUnfinished(root.path);
    assert.deepEqual(readdirSync(root.path).sort(), ['.keep', 'checkpoint-2', 'output']);
    assert.ok(existsSync(join(root.path, 'output', 'c')));
  });
});
