import assert from 'node:assert/strict';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { WebGpuEngine } from '../../src/trainer/runtime/webgpu-engine.ts';
import { absoluteDeviation, relativeDeviation } from './support/deviation.ts';
import { familyCases, runFamilyCase } from './support/family-case.ts';
import { needsWebGpu, useSoftwareGpu } from './support/software-gpu.ts';

useSoftwareGpu();

const STEPS = 5;
/** Each case compiles its shaders anew, some ten seconds on a software device: `npm test` has the first ones. */
const SHORT = ['llama-causal', 'gpt2-causal'];
const CASES = process.env['TUNEBOOK_TESTS'] === 'all' ? familyCases() : SHORT;

describe('five steps of a family on WebGPU, beside the CPU', () => {
  needsWebGpu();

  for (const name of CASES) {
    it(`${name}: the same losses, gradient norms and logits`, async () => {
      const cpu = await runFamilyCase(
        name,
        'full',
        (spec, values, options) => CpuEngine.create(spec, values, { ...options, threads: 1 }),
        STEPS,
      );
      const gpu = await runFamilyCase(
        name,
        'full',
        (spec, values) => WebGpuEngine.create(spec, values),
        STEPS,
      );
      assert.equal(gpu.loss.length, STEPS);
      assert.ok(relativeDeviation(gpu.loss, cpu.loss) < 1e-4);
      assert.ok(relativeDeviation(gpu.grad_norm, cpu.grad_norm) < 1e-4);
      const logits = absoluteDeviation(gpu.logits_after, cpu.logits_after);
      assert.ok(
        logits < 1e-4,
        `logits off by ${logits}, before training by ${absoluteDeviation(gpu.logits, cpu.logits)}`,
      );
      assert.ok(absoluteDeviation(gpu.logits_after, gpu.logits) > 1e-4, 'training changed nothing');
    });
  }

  it('gpt2-causal with gradient checkpointing, which has its embeddings in the first and in the last segment', async () => {
    const steps = 3;
    const cpu = await runFamilyCase(
      'gpt2-causal',
      'full',
      (spec, values, options) => CpuEngine.create(spec, values, { ...options, threads: 1 }),
      steps,
    );
    const gpu = await runFamilyCase(
      'gpt2-causal',
      'full',
      (spec, values) => WebGpuEngine.create({ ...spec, checkpointing: true }, values),
      steps,
    );
    assert.ok(relativeDeviation(gpu.loss, cpu.loss) < 1e-4);
    assert.ok(relativeDeviation(gpu.grad_norm, cpu.grad_norm) < 1e-4);
    assert.ok(absoluteDeviation(gpu.logits_after, cpu.logits_after) < 1e-4);
  });
});
