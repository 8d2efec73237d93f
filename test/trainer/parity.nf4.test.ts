import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { inspectModel } from '../../src/trainer/checkpoint/inspect-model.ts';
import { loadParameters } from '../../src/trainer/checkpoint/load-parameters.ts';
import { CPU_LOWERING } from '../../src/trainer/graph/graph.ts';
import { loadQuantized, quantizedLayers } from '../../src/trainer/loop/quantize-weights.ts';
import { isTrainedByLora, Lora } from '../../src/trainer/methods/lora.ts';
import { dequantizeNf4, quantizeNf4 } from '../../src/trainer/methods/quantize.ts';
import { buildTask, headFor } from '../../src/trainer/models/task.ts';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { absoluteDeviation, relativeDeviation } from './support/deviation.ts';
import { root, runCase, taskOf, type FamilyCase, type Training } from './support/family-case.ts';
import { readJson } from './support/read-json.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { assertSameBits } from './support/same-bits.ts';
import { trainInFolder, trainMetric } from './support/train-in-folder.ts';

const FOLDER = fileURLToPath(new URL('../fixtures/nf4', import.meta.url));

describe('weights in 4 bits, beside bitsandbytes', () => {
  it('are the same bytes and scales, and stand for the same numbers', () => {
    const made = readJson(join(FOLDER, 'weights.json'));
    const numbers = (name: string) => {
      const list = made[name];
      assert.ok(Array.isArray(list));
      return list.map(Number);
    };
    const ours = quantizeNf4(Float32Array.from(numbers('weights')));
    assert.deepEqual([...ours.packed], numbers('packed'));
    assert.ok(absoluteDeviation([[...ours.absmax]], [numbers('absmax')]) < 1e-8);
    assert.ok(absoluteDeviation([[...dequantizeNf4(ours)]], [numbers('dequantized')]) < 1e-7);
  });

  for (const family of ['llama-causal', 'gpt2-causal']) {
    it(`${family}: every loss and gradient norm of 50 steps of QLoRA, and logits`, async () => {
      const folder = join(FOLDER, family);
      // SAFETY: made by python/make_nf4_fixture.py, which writes this shape.
      const made = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as FamilyCase & {
        lora: Training;
      };
      const base = join(root, family);
      const { config } = inspectModel(base);
      const task = taskOf(made);
      const saved = readJson(join(folder, 'adapter_config.json'));
      const targets = saved['target_modules'];
      assert.ok(Array.isArray(targets));
      const settings = { r: 4, lora_alpha: 8, lora_dropout: 0, use_rslora: false, init_lora_weights: true };
      const lora = new Lora({ ...settings, target_modules: targets.map(String), modules_to_save: [] });
      const run = resolvedRun({ base, train: '', task: 'text-generation', method: { lora: settings } });
      const quantized = quantizedLayers(withBits(run), headFor(config, task)!);
      assert.ok(quantized);
      const options = { adapter: lora, quantized };
      const builder = (parts: Partial<typeof options>) =>
        buildTask(config, task, { ...parts, training: false, lowering: CPU_LOWERING }).builder;
      const needed = [...builder(options).parameters.values()].filter(({ name }) => !/nf4|absmax/.test(name));
      const { values, initialized } = loadParameters(needed, [base, folder], 1);
      assert.deepEqual([...initialized, ...loadQuantized(builder({}), quantized, [base], values)], []);
      const isTrained = (parameter: { name: string }) => isTrainedByLora(parameter.name, lora.options);
      const ours = await runCase(
        made,
        { spec: { config, task, options, isTrained, labelSmoothing: 0 }, values },
        (spec, given, more) => CpuEngine.create(spec, given, { ...more, threads: 1 }),
      );
      const deviations = {
        start: absoluteDeviation(ours.logits, made.logits),
        loss: relativeDeviation(ours.loss, made.lora.loss),
        grad_norm: relativeDeviation(ours.grad_norm, made.lora.grad_norm),
        logits: absoluteDeviation(ours.logits_after, made.lora.logits_after),
      };
      assert.ok(deviations.start < 1e-5, JSON.stringify(deviations));
      assert.ok(deviations.loss < 1e-5, JSON.stringify(deviations));
      assert.ok(deviations.grad_norm < 1e-5, JSON.stringify(deviations));
      assert.ok(deviations.logits < 1e-4, JSON.stringify(deviations));
    });
  }
});

describe('a run with its frozen weights in 4 bits', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const pairs = fileURLToPath(new URL('../fixtures/dpo', import.meta.url));

  it('resumes to the same bits, prefers beside it, and writes an adapter like any other', async () => {
    const run = withBits(
      resolvedRun({
        base: join(pairs, 'base'),
        task: 'text-generation',
        format: 'preference',
        train: join(pairs, 'text.jsonl'),
        eval: join(pairs, 'eval.jsonl'),
        maxLength: 24,
        method: { lora: { r: 4, target_modules: 'all-linear' }, dpo: {} },
        arguments: { max_steps: 7, learning_rate: 5e-3, per_device_train_batch_size: 4 },
      }),
    );
    const whole = await trainInFolder(workspace.path, run, { dir: newRun(workspace.path) });
    // The reference is the same coarse model: nothing is preferred before the first step.
    assert.equal(trainMetric(whole.events, 'rewards/margins')[0], 0);
    const { dir } = await trainInFolder(workspace.path, run, { stopAfter: 3 });
    const last = await trainInFolder(workspace.path, run, { dir, resume: true });
    assert.equal(last.outcome.state, 'finished');
    const adapter = join('output', 'adapter_model.safetensors');
    assert.ok(existsSync(join(dir, adapter)));
    assertSameBits(join(dir, adapter), join(whole.dir, adapter));
  });
});

function withBits(run: ReturnType<typeof resolvedRun>) {
  return { ...run, method: { ...run.method, quantization: { bnb_4bit_quant_type: 'nf4' as const } } };
}
