import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ResolvedRun } from '../../src/language/resolved.ts';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { Random } from '../../src/trainer/random.ts';
import { listCheckpoints } from '../../src/trainer/checkpoint/checkpoint.ts';
import { dropoutBase } from './support/dropout-base.ts';
import { fixturesOf } from './support/fixtures-folder.ts';
import { fixtureFolder } from './support/fixture.ts';
import { resolvedRun, type RunFields } from './support/resolved-run.ts';
import { assertSameBits } from './support/same-bits.ts';
import { metrics, trainInFolder, trainMetric } from './support/train-in-folder.ts';

const STEPS = 23;

/** What a run says otherwise than the first one. */
type ResumedRun = Partial<Omit<RunFields, 'base'>> & {
  /** The model, whose dropout is switched on; the classifier when absent. */
  source?: string;
  data?: Partial<ResolvedRun['data']>;
};

const SFT = fixturesOf('sft');
const chat_template_path = join(SFT, 'template.jinja');
const CAUSAL = {
  source: join(fixturesOf('families'), 'gpt2-causal'),
  tokenizer: join(fixturesOf('dpo'), 'base'),
  task: 'text-generation',
} as const;

/** Ten batches an epoch; with accumulation three steps, the last of them short. Dropout is on everywhere. */
const RUNS: Record<string, ResumedRun> = {
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
    method: { lora: { r: 4, lora_dropout: 0.2, target_modules: 'all-linear', bias: 'all' } },
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
  'fill-mask': { source: fixtureFolder('bert-mlm'), task: 'fill-mask', arguments: { max_steps: STEPS } },
  'token classification': {
    source: fixtureFolder('bert-mlm'),
    task: 'token-classification',
    format: 'tokens',
    train: 'tags.jsonl',
    eval: 'tags.jsonl',
    arguments: { max_steps: STEPS, per_device_train_batch_size: 4 },
  },
  'causal, texts': {
    ...CAUSAL,
    train: join(SFT, 'text.jsonl'),
    eval: join(SFT, 'text.jsonl'),
    arguments: { max_steps: STEPS, per_device_train_batch_size: 4 },
  },
  'causal, packed prompts, accumulated': {
    ...CAUSAL,
    format: 'prompt-completion',
    train: join(SFT, 'prompts.jsonl'),
    eval: join(SFT, 'prompts.jsonl'),
    data: { packing: true },
    arguments: { max_steps: STEPS, per_device_train_batch_size: 2, gradient_accumulation_steps: 3 },
  },
  'causal, what assistants say, LoRA': {
    ...CAUSAL,
    format: 'chat',
    train: join(SFT, 'chat.jsonl'),
    eval: join(SFT, 'chat.jsonl'),
    data: { assistant_only_loss: true, chat_template_path },
    method: { lora: { r: 4, lora_dropout: 0.2, target_modules: ['c_attn'] } },
    arguments: { max_steps: STEPS, per_device_train_batch_size: 4, learning_rate: 5e-3 },
  },
};

describe('a run that was stopped and resumed', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const random = new Random(20);

  before(() => writeTags(join(workspace.path, 'tags.jsonl')));

  for (const [name, { source, data, ...fields }] of Object.entries(RUNS)) {
    it(`${name}: equals an undisturbed one, every loss and every bit of every weight and moment`, async () => {
      const rows = fixtureFolder('bert-classifier');
      const here = (file: string) => resolve(workspace.path, file);
      const made = resolvedRun({
        base: dropoutBase(join(workspace.path, name), source ?? rows),
        ...(fields.task === undefined ? { numLabels: 5 } : {}),
        ...fields,
        train: here(fields.train ?? join(rows, 'train.csv')),
        eval: here(fields.eval ?? join(rows, 'test.csv')),
        arguments: {
          learning_rate: 1e-3,
          warmup_steps: 5,
          weight_decay: 0.01,
          eval_strategy: 'epoch',
          save_steps: STEPS,
          ...fields.arguments,
        },
      });
      const run = { ...made, data: { ...made.data, ...data } };
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

/** The texts of the fixture as words, each tagged by its first letter. */
function writeTags(file: string): void {
  const texts = readFileSync(join(SFT, 'text.jsonl'), 'utf8').trim().split('\n');
  const rows = texts.map((line) => {
    // SAFETY: python/make_sft_fixtures.py wrote this column.
    const tokens = (JSON.parse(line) as { text: string }).text.split(' ');
    return JSON.stringify({ tokens, ner_tags: tokens.map((word) => `B-${word[0]}`) });
  });
  writeFileSync(file, `${rows.join('\n')}\n`);
}
