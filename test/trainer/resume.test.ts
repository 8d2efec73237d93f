import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { Random } from '../../src/trainer/random.ts';
import { listCheckpoints } from '../../src/trainer/checkpoint/checkpoint.ts';
import { dropoutBase } from './support/dropout-base.ts';
import { fixtureFolder } from './support/fixture.ts';
import { resolvedRun, type RunFields } from './support/resolved-run.ts';
import { assertSameBits } from './support/same-bits.ts';
import { metrics, trainInFolder, trainMetric } from './support/train-in-folder.ts';

const STEPS = 23;

/** Ten batches an epoch; with accumulation three steps, the last of them short. Dropout is on everywhere. */
const RUNS: Record<string, Pick<RunFields, 'method' | 'arguments' | 'task'>> = {
  full: { arguments: { max_steps: STEPS } },
  'full, accumulated': { arguments: { max_steps: STEPS, gradient_accumulation_steps: 4 } },
  'full, grouped by length': {
    arguments: { max_steps: STEPS, train_sampling_strategy: 'group_by_length' },
  },
  'full, with a rate that is stable and decays': {
    arguments: {
      max_steps: STEPS,
      lr_scheduler_type: 'warmup_stable_decay',
      lr_scheduler_kwargs: { num_decay_steps: 12, decay_type: '1-sqrt', min_lr_ratio: 0.1 },
    },
  },
  LoRA: {
    method: { lora: { r: 4, lora_dropout: 0.2, target_modules: 'all-linear' } },
    arguments: { max_steps: STEPS, learning_rate: 5e-3 },
  },
  'LoRA, accumulated': {
    method: { lora: { r: 4, lora_dropout: 0.2 } },
    arguments: { max_steps: STEPS, learning_rate: 5e-3, gradient_accumulation_steps: 3 },
  },
  'LoRA, checkpointed and accumulated': {
    method: { lora: { r: 4, lora_dropout: 0.2 } },
    arguments: {
      max_steps: STEPS,
      learning_rate: 5e-3,
      gradient_accumulation_steps: 3,
      gradient_checkpointing: true,
    },
  },
  'full, with Adafactor': { arguments: { max_steps: STEPS, optim: 'adafactor' } },
  'LoRA, with Adafactor': {
    method: { lora: { r: 4, lora_dropout: 0.2 } },
    arguments: { max_steps: STEPS, learning_rate: 5e-3, optim: 'adafactor' },
  },
  'fill-mask': { task: 'fill-mask', arguments: { max_steps: STEPS } },
};

describe('a run that was stopped and resumed', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const random = new Random(20);

  for (const [name, fields] of Object.entries(RUNS)) {
    it(`${name}: equals an undisturbed one, every loss and every bit of every weight and moment`, async () => {
      const masks = fields.task === 'fill-mask';
      const data = fixtureFolder('bert-classifier');
      const run = resolvedRun({
        base: dropoutBase(join(workspace.path, name), masks ? 'bert-mlm' : 'bert-classifier'),
        train: join(data, 'train.csv'),
        eval: join(data, 'test.csv'),
        ...(masks ? {} : { numLabels: 5 }),
        ...fields,
        arguments: {
          learning_rate: 1e-3,
          warmup_steps: 5,
          weight_decay: 0.01,
          eval_strategy: 'epoch',
          save_steps: STEPS,
          ...fields.arguments,
        },
      });
      const undisturbed = await trainInFolder(workspace.path, run);
      assert.equal(undisturbed.outcome.state, 'finished');
      // Twice, at random steps.
      const first = 1 + random.below(10);
      const second = first + 1 + random.below(STEPS - first - 1);
      const one = await trainInFolder(workspace.path, run, { stopAfter: first });
      assert.equal(one.outcome.state, 'stopped');
      assert.deepEqual(listCheckpoints(one.dir), [first]);
      const { dir } = one;
      await trainInFolder(workspace.path, run, { dir, resume: true, stopAfter: second });
      const last = await trainInFolder(workspace.path, run, { dir, resume: true });
      assert.equal(last.outcome.state, 'finished');

      for (const metric of ['loss', 'grad_norm', 'learning_rate'])
        assert.deepEqual(trainMetric(last.events, metric), trainMetric(undisturbed.events, metric));
      const evaluations = (events: typeof last.events) =>
        metrics(events, 'eval').map(({ step, epoch, values }) => ({ step, epoch, values }));
      assert.deepEqual(evaluations(last.events), evaluations(undisturbed.events));
      const model = 'lora' in run.method ? 'adapter_model.safetensors' : 'model.safetensors';
      for (const file of [join('output', model), join(`checkpoint-${STEPS}`, 'optimizer.safetensors')])
        assertSameBits(join(dir, file), join(undisturbed.dir, file));
    });
  }

  it('goes on after a stop before the first step', async () => {
    const run = resolvedRun({
      base: fixtureFolder('bert-classifier'),
      train: join(fixtureFolder('bert-classifier'), 'train.csv'),
      numLabels: 5,
      arguments: { max_steps: 3 },
    });
    const undisturbed = await trainInFolder(workspace.path, run);
    const stopped = await trainInFolder(workspace.path, run, { stopAfter: 0 });
    assert.equal(stopped.outcome.state, 'stopped');
    const { events } = await trainInFolder(workspace.path, run, { dir: stopped.dir, resume: true });
    assert.deepEqual(trainMetric(events, 'loss'), trainMetric(undisturbed.events, 'loss'));
  });

  it('says that other threads may give other digits', async () => {
    const fields = {
      base: fixtureFolder('bert-classifier'),
      train: join(fixtureFolder('bert-classifier'), 'train.csv'),
      numLabels: 5,
      arguments: { max_steps: 3 },
    };
    const { dir } = await trainInFolder(workspace.path, resolvedRun(fields), { stopAfter: 1 });
    const { events } = await trainInFolder(workspace.path, resolvedRun({ ...fields, threads: 1 }), {
      dir,
      resume: true,
    });
    const warning = events.find((event) => event.type === 'warning');
    assert.equal(warning?.code, 'run/other-threads');
  });
});
