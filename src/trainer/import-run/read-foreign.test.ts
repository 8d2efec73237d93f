import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { quoteNonFinite, readForeign } from './read-foreign.ts';

const REPORTS = fileURLToPath(new URL('../../../test/fixtures/reports/', import.meta.url));

describe('what another tool wrote down of a training', () => {
  const folder = temporaryFolder();

  function make(name: string): string {
    const path = join(folder.path, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  it('is read from the newest checkpoint of transformers, NaN and all', () => {
    const output = make('output');
    for (const step of [9, 10]) {
      make(`output/checkpoint-${step}`);
      writeFileSync(
        join(output, `checkpoint-${step}`, 'trainer_state.json'),
        `{ "max_steps": 20, "best_metric": null, "log_history": [
          { "epoch": 0.5, "step": 5, "loss": NaN, "grad_norm": -Infinity, "learning_rate": 1e-05 },
          { "epoch": 1.0, "step": ${step}, "eval_loss": 0.25, "eval_runtime": 1.5, "note": "NaN in words" },
          { "epoch": 1.0, "step": 20, "train_runtime": 3.0, "train_loss": 0.1, "total_flos": 7 } ] }`,
      );
    }
    assert.deepEqual(readForeign(output), {
      source: 'transformers',
      metrics: [
        {
          type: 'metrics',
          split: 'train',
          step: 5,
          epoch: 0.5,
          values: { loss: 'NaN', grad_norm: '-Infinity', learning_rate: 1e-5 },
        },
        {
          type: 'metrics',
          split: 'eval',
          step: 10,
          epoch: 1,
          values: { eval_loss: 0.25, eval_runtime: 1.5 },
        },
      ],
      settings: { max_steps: 20, best_metric: null },
      checkpoints: [9, 10],
    });
  });

  it('is read from events files of TensorBoard, at any depth; of a step that comes again the later file counts', () => {
    const logs = make('logs');
    const deep = make('logs/runs/Nov27_host');
    cpSync(join(REPORTS, 'ours.tfevents'), join(deep, 'events.out.tfevents.1.host.1.0'));
    cpSync(join(REPORTS, 'theirs.tfevents'), join(deep, 'events.out.tfevents.2.host.1.0'));
    const { source, metrics } = readForeign(logs);
    assert.equal(source, 'tensorboard');
    assert.deepEqual(
      metrics.map(({ split, step, epoch, values }) => [split, step, epoch, values]),
      [
        ['train', 1, 0.25, { loss: 0.5 }],
        ['train', 2, 0, { loss: 'NaN' }],
        ['eval', 3, 0, { eval_accuracy: 0.25 }],
        ['eval', 4, 0, { eval_accuracy: 0.1 }],
        ['eval', 5, 0, { eval_accuracy: 'Infinity' }],
        ['eval', 300, 0, { eval_loss: 'NaN' }],
        ['train', 300, 0, { loss: 'Infinity' }],
        ['train', 70000, 0, { loss: Math.fround(-1.25e-7) }],
      ],
    );
    assert.ok((metrics[0]?.time ?? 0) > 1.6e12);
  });

  it('is refused with a sentence where there is none, or it is torn', () => {
    assert.throws(() => readForeign(join(folder.path, 'nowhere')), { code: 'import/nothing' });
    assert.throws(() => readForeign(make('empty')), { code: 'import/nothing' });
    const torn = make('torn');
    writeFileSync(join(torn, 'trainer_state.json'), '{ "log_history": [');
    assert.throws(() => readForeign(torn), { code: 'import/not-readable' });
    writeFileSync(join(torn, 'trainer_state.json'), '{ "step": 1 }');
    assert.throws(() => readForeign(torn), { code: 'import/not-readable', message: /has no log_history/ });
  });

  it('quotes what JSON has no word for, and leaves strings alone', () => {
    assert.equal(
      quoteNonFinite('[NaN, -Infinity, "NaN \\" Infinity"]'),
      '["NaN", "-Infinity", "NaN \\" Infinity"]',
    );
  });
});
