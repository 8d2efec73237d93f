import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import type { ModelSpec } from '../../src/trainer/runtime/model-spec.ts';
import type { MakeEngine } from './support/engine-case.ts';
import { familyCases, runCase, runFamilyCase } from './support/family-case.ts';
import { adapterModel, NF4_FAMILIES, nf4Model, readAdapterCase, readNf4Case } from './support/lora-case.ts';
import { resolvedRun, type RunFields } from './support/resolved-run.ts';
import { assertSameBits } from './support/same-bits.ts';
import { trainInFolder, trainMetric } from './support/train-in-folder.ts';

const STEPS = 6;
/** One of each family, and of each head; every case there is when all tests are wanted. */
const SHORT = [
  'bert-tokens',
  'distilbert-masked',
  'gpt2-causal',
  'gpt2-sequence',
  'llama-causal',
  'mistral-causal',
  'qwen2-window-causal',
  'qwen3-causal',
  'gemma2-causal',
  'gemma3-causal',
  'roberta-sequence',
];
const CASES = process.env['TUNEBOOK_TESTS'] === 'all' ? familyCases() : SHORT;

/** A config with dropout wherever the family can have it: a mask that is drawn otherwise the second time would show. */
function withDropout(spec: ModelSpec): ModelSpec {
  const dropout = Object.keys(spec.config).filter((name) => /drop/.test(name));
  const config = { ...spec.config, ...Object.fromEntries(dropout.map((name) => [name, 0.2])) };
  return { ...spec, config };
}

const engine =
  (checkpointing: boolean): MakeEngine =>
  (spec, values, options) =>
    CpuEngine.create({ ...withDropout(spec), checkpointing }, values, { ...options, threads: 2 });

describe('gradient checkpointing', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  for (const name of CASES) {
    for (const method of ['full', 'lora'] as const) {
      it(`${name}, ${method}: every loss, gradient norm and logit is that of a run without it, bit for bit`, async () => {
        const without = await runFamilyCase(name, method, engine(false), STEPS);
        const made = await runFamilyCase(name, method, engine(true), STEPS);
        assert.deepEqual(made, without);
      });
    }
  }

  for (const name of ['dora-llama-biases', 'dora-gpt2', 'dora-bert']) {
    it(`${name}: every loss, gradient norm and logit is that of a run without it, bit for bit`, async () => {
      const made = readAdapterCase(name);
      const of = (checkpointing: boolean) =>
        runCase(made, adapterModel(name, made).adapted, engine(checkpointing), STEPS);
      assert.deepEqual(await of(true), await of(false));
    });
  }

  for (const family of NF4_FAMILIES) {
    it(`${family} in 4 bits: every loss, gradient norm and logit is that of a run without it, bit for bit`, async () => {
      const made = readNf4Case(family);
      const of = (checkpointing: boolean) =>
        runCase(made, nf4Model(family, made), engine(checkpointing), STEPS);
      assert.deepEqual(await of(true), await of(false));
    });
  }

  before(() => {
    const pairs = readFileSync(fixture('dpo/text.jsonl'), 'utf8').trim().split('\n');
    const rows = pairs.map((line) => {
      // SAFETY: python/make_dpo_fixtures.py wrote these columns.
      const { prompt, chosen } = JSON.parse(line) as { prompt: string; chosen: string };
      return `${JSON.stringify({ prompt, completion: chosen })}\n`;
    });
    writeFileSync(join(workspace.path, 'rows.jsonl'), rows.join(''));
  });

  const fixture = (path: string) => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
  const RUNS: Record<string, RunFields> = {
    'packed rows, accumulated': {
      base: fixture('dpo/base'),
      task: 'text-generation',
      format: 'prompt-completion',
      train: 'rows.jsonl',
      arguments: { gradient_accumulation_steps: 2 },
    },
    'pairs of answers, LoRA with dropout': {
      base: fixture('dpo/base'),
      task: 'text-generation',
      format: 'preference',
      train: fixture('dpo/text.jsonl'),
      method: { lora: { r: 4, lora_dropout: 0.2 }, dpo: { disable_dropout: false } },
    },
    'ORPO over weights in 4 bits, with dropout': {
      base: fixture('dpo/base'),
      task: 'text-generation',
      format: 'preference',
      train: fixture('dpo/text.jsonl'),
      method: {
        lora: { r: 4, lora_dropout: 0.2, target_modules: 'all-linear' },
        quantization: { bnb_4bit_quant_type: 'nf4' },
        orpo: { disable_dropout: false },
      },
    },
    'DoRA with dropout': {
      base: fixture('dpo/base'),
      task: 'text-generation',
      format: 'prompt-completion',
      train: 'rows.jsonl',
      method: { lora: { r: 4, lora_dropout: 0.2, use_dora: true, target_modules: 'all-linear' } },
    },
    'QLoRA with dropout, accumulated': {
      base: fixture('dpo/base'),
      task: 'text-generation',
      format: 'prompt-completion',
      train: 'rows.jsonl',
      method: {
        lora: { r: 4, lora_dropout: 0.2, target_modules: 'all-linear' },
        quantization: { bnb_4bit_quant_type: 'nf4' },
      },
      arguments: { gradient_accumulation_steps: 2 },
    },
  };

  for (const [name, fields] of Object.entries(RUNS)) {
    it(`${name}: the weights are the same, bit for bit`, async () => {
      const make = (gradient_checkpointing: boolean) => {
        const run = resolvedRun({
          maxLength: 24,
          ...fields,
          train: resolve(workspace.path, fields.train),
          arguments: {
            max_steps: STEPS,
            per_device_train_batch_size: 4,
            learning_rate: 2e-3,
            save_strategy: 'no',
            ...fields.arguments,
            gradient_checkpointing,
          },
        });
        return trainInFolder(workspace.path, {
          ...run,
          data: { ...run.data, ...(name.startsWith('packed') ? { packing: true } : {}) },
        });
      };
      const [without, made] = [await make(false), await make(true)];
      for (const metric of ['loss', 'grad_norm'])
        assert.deepEqual(trainMetric(made.events, metric), trainMetric(without.events, metric));
      const file =
        fields.method && 'lora' in fields.method ? 'adapter_model.safetensors' : 'model.safetensors';
      assertSameBits(join(made.dir, 'output', file), join(without.dir, 'output', file));
    });
  }
});
