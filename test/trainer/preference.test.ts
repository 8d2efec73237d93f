import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { resolvedRun, type RunFields } from './support/resolved-run.ts';
import { assertSameBits } from './support/same-bits.ts';
import { metrics, trainInFolder, trainMetric } from './support/train-in-folder.ts';

const FOLDER = fileURLToPath(new URL('../fixtures/dpo', import.meta.url));
const STEPS = 13;

const RUNS: Record<string, Pick<RunFields, 'method' | 'arguments'>> = {
  full: { method: { full: {}, dpo: {} } },
  'full, precomputed': { method: { full: {}, dpo: { precompute_ref_log_probs: true } } },
  'LoRA with dropout, accumulated': {
    method: {
      lora: { r: 4, lora_dropout: 0.2, target_modules: 'all-linear' },
      dpo: { disable_dropout: false },
    },
    arguments: { gradient_accumulation_steps: 2 },
  },
  'ORPO, full': { method: { full: {}, orpo: {} } },
  'ORPO over weights in 4 bits, checkpointed, with dropout, accumulated': {
    method: {
      lora: { r: 4, lora_dropout: 0.2, target_modules: 'all-linear' },
      quantization: { bnb_4bit_quant_type: 'nf4' },
      orpo: { disable_dropout: false },
    },
    arguments: { gradient_accumulation_steps: 2, gradient_checkpointing: true },
  },
};

describe('a preference run that was stopped and resumed', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  for (const [name, fields] of Object.entries(RUNS)) {
    it(`${name}: equals an undisturbed one, every loss, reward and bit`, async () => {
      const run = resolvedRun({
        base: join(FOLDER, 'base'),
        task: 'text-generation',
        format: 'preference',
        train: join(FOLDER, 'text.jsonl'),
        eval: join(FOLDER, 'eval.jsonl'),
        maxLength: 24,
        method: fields.method,
        arguments: {
          max_steps: STEPS,
          per_device_train_batch_size: 4,
          learning_rate: 2e-3,
          eval_strategy: 'epoch',
          save_steps: STEPS,
          ...fields.arguments,
        },
      });
      const undisturbed = await trainInFolder(workspace.path, run);
      const { dir } = await trainInFolder(workspace.path, run, { stopAfter: 3 });
      await trainInFolder(workspace.path, run, { dir, resume: true, stopAfter: 8 });
      const last = await trainInFolder(workspace.path, run, { dir, resume: true });
      assert.equal(last.outcome.state, 'finished');
      const ofOrpo = run.method.orpo ? ['log_odds_ratio', 'nll_loss'] : [];
      assert.equal(trainMetric(last.events, ofOrpo[0] ?? 'loss').length, STEPS);
      for (const metric of ['loss', 'grad_norm', 'rewards/margins', 'logps/chosen', ...ofOrpo])
        assert.deepEqual(trainMetric(last.events, metric), trainMetric(undisturbed.events, metric), metric);
      const evaluations = (events: typeof last.events) =>
        metrics(events, 'eval').map(({ step, values }) => ({ step, values }));
      assert.deepEqual(evaluations(last.events), evaluations(undisturbed.events));
      const model = 'lora' in run.method ? 'adapter_model.safetensors' : 'model.safetensors';
      for (const file of [join('output', model), join(`checkpoint-${STEPS}`, 'optimizer.safetensors')])
        assertSameBits(join(dir, file), join(undisturbed.dir, file));
    });
  }
});
