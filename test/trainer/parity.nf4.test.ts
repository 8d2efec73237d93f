import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { NF4_BLOCK, NF4_VALUES } from '../../src/trainer/graph/ops/quantized.ts';
import { Nf4Quantizer, type Nf4Weight } from '../../src/trainer/kernels/nf4-quantizer.ts';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { absoluteDeviation, assertParity } from './support/deviation.ts';
import { runCase } from './support/family-case.ts';
import { fixturesOf } from './support/fixtures-folder.ts';
import { NF4_FAMILIES, nf4Model, readNf4Case } from './support/lora-case.ts';
import { readJson } from './support/read-json.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { assertSameBits } from './support/same-bits.ts';
import { trainInFolder, trainMetric } from './support/train-in-folder.ts';

describe('weights in 4 bits, beside bitsandbytes', () => {
  it('are the same bytes and scales, and stand for the same numbers', () => {
    const made = readJson(join(fixturesOf('nf4'), 'weights.json'));
    const numbers = (name: string) => {
      const list = made[name];
      assert.ok(Array.isArray(list));
      return list.map(Number);
    };
    const ours = new Nf4Quantizer().quantize(Float32Array.from(numbers('weights')));
    assert.deepEqual([...ours.packed], numbers('packed'));
    assert.ok(absoluteDeviation([[...ours.absmax]], [numbers('absmax')]) < 1e-8);
    assert.ok(absoluteDeviation([[...dequantizeNf4(ours)]], [numbers('dequantized')]) < 1e-7);
  });

  for (const family of NF4_FAMILIES) {
    it(`${family}: every loss and gradient norm of 50 steps of QLoRA, and logits`, async () => {
      const made = readNf4Case(family);
      const ours = await runCase(made, nf4Model(family, made), (spec, given, more) =>
        CpuEngine.create(spec, given, { ...more, threads: 1 }),
      );
      assert.ok(absoluteDeviation(ours.logits, made.logits) < 1e-5);
      assertParity(ours, made.lora);
    });
  }
});

describe('a run with its frozen weights in 4 bits', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const pairs = fixturesOf('dpo');

  it('resumes to the same bits, prefers beside it, and writes an adapter like any other', async () => {
    const run = resolvedRun({
      base: join(pairs, 'base'),
      task: 'text-generation',
      format: 'preference',
      train: join(pairs, 'text.jsonl'),
      eval: join(pairs, 'eval.jsonl'),
      maxLength: 24,
      method: {
        lora: { r: 4, target_modules: 'all-linear' },
        dpo: {},
        quantization: { bnb_4bit_quant_type: 'nf4' },
      },
      arguments: { max_steps: 7, learning_rate: 5e-3, per_device_train_batch_size: 4 },
    });
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

/** The weight that its 4 bits stand for. */
function dequantizeNf4({ packed, absmax }: Nf4Weight): Float32Array {
  return Float32Array.from({ length: 2 * packed.length }, (_, i) => {
    const byte = packed[i >> 1]!;
    return NF4_VALUES[i % 2 === 0 ? byte >> 4 : byte & 15]! * absmax[Math.floor(i / NF4_BLOCK)]!;
  });
}
