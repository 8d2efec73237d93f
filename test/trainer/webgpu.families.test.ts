import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { WebGpuEngine } from '../../src/trainer/runtime/webgpu-engine.ts';
import { absoluteDeviation, relativeDeviation } from './support/deviation.ts';
import type { MakeEngine } from './support/engine-case.ts';
import { familyCases, runCase, runFamilyCase, type Training } from './support/family-case.ts';
import { fixturesOf } from './support/fixtures-folder.ts';
import { adapterModel, readAdapterCase } from './support/lora-case.ts';
import { needsWebGpu, useSoftwareGpu } from './support/software-gpu.ts';

useSoftwareGpu();

const STEPS = 5;
const ALL = process.env['TUNEBOOK_TESTS'] === 'all';
const METHODS = ['full', 'lora'] as const;
/** One case of each family, so that both methods and all heads are among them; with `TUNEBOOK_TESTS=all` every case there is. */
const SHORT: [name: string, method: (typeof METHODS)[number]][] = [
  ['llama-causal', 'full'],
  ['llama3-tokens', 'lora'],
  ['mistral-sequence', 'full'],
  ['qwen2-window-causal', 'lora'],
  ['qwen3-causal', 'full'],
  ['gemma-tokens', 'full'],
  ['gemma2-causal', 'full'],
  ['gemma3-causal', 'lora'],
  ['gpt2-causal', 'full'],
  ['bert-regression', 'lora'],
  ['distilbert-masked', 'full'],
  ['roberta-multi-label', 'lora'],
];
const CASES = ALL ? familyCases().flatMap((name) => METHODS.map((method) => [name, method] as const)) : SHORT;
const ADAPTERS = ALL ? readdirSync(fixturesOf('adapters')).sort() : ['dora-llama'];

const onCpu: MakeEngine = (spec, values, options) =>
  CpuEngine.create(spec, values, { ...options, threads: 1 });
const onGpu: MakeEngine = (spec, values) => WebGpuEngine.create(spec, values);

describe('five steps of a family on WebGPU, beside the CPU', () => {
  needsWebGpu();

  for (const [name, method] of CASES) {
    it(`${name}, ${method}: the same losses, gradient norms and logits`, async () => {
      const cpu = await runFamilyCase(name, method, onCpu, STEPS);
      assertSame(await runFamilyCase(name, method, onGpu, STEPS), cpu, STEPS);
    });
  }

  for (const name of ADAPTERS) {
    it(`${name}: the same losses, gradient norms and logits`, async () => {
      const made = readAdapterCase(name);
      const train = (engine: MakeEngine) => runCase(made, adapterModel(name, made).adapted, engine, STEPS);
      assertSame(await train(onGpu), await train(onCpu), STEPS);
    });
  }

  it('gpt2-causal with gradient checkpointing, which has its embeddings in the first and in the last segment', async () => {
    const steps = 3;
    const checkpointed: MakeEngine = (spec, values) =>
      WebGpuEngine.create({ ...spec, checkpointing: true }, values);
    const cpu = await runFamilyCase('gpt2-causal', 'full', onCpu, steps);
    assertSame(await runFamilyCase('gpt2-causal', 'full', checkpointed, steps), cpu, steps);
  });
});

type Trained = Training & { logits: number[][] };

function assertSame(gpu: Trained, cpu: Trained, steps: number): void {
  assert.equal(gpu.loss.length, steps);
  assert.ok(relativeDeviation(gpu.loss, cpu.loss) < 1e-4);
  assert.ok(relativeDeviation(gpu.grad_norm, cpu.grad_norm) < 1e-4);
  const logits = absoluteDeviation(gpu.logits_after, cpu.logits_after);
  const before = absoluteDeviation(gpu.logits, cpu.logits);
  assert.ok(logits < 1e-4, `logits off by ${logits}, before training by ${before}`);
  assert.ok(absoluteDeviation(gpu.logits_after, gpu.logits) > 1e-4, 'training changed nothing');
}
