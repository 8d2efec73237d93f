import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { encodeModel } from '../../src/trainer/graph/encode.ts';
import { parseModelConfig } from '../../src/trainer/models/config.ts';
import { buildTask } from '../../src/trainer/models/task.ts';
import { buildCpuStep } from '../../src/trainer/runtime/cpu-step.ts';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { loweringOf } from '../../src/trainer/runtime/lowering.ts';
import { planPasses } from '../../src/trainer/runtime/passes.ts';
import { createSession } from '../../src/trainer/runtime/session.ts';
import { WebGpuEngine } from '../../src/trainer/runtime/webgpu-engine.ts';
import { readTensors } from '../../src/trainer/safetensors/read.ts';
import { writeSafetensors } from '../../src/trainer/safetensors/write.ts';
import { relativeDeviation } from './support/deviation.ts';
import { dropoutBase } from './support/dropout-base.ts';
import { runEngineCase, type MakeEngine } from './support/engine-case.ts';
import { runFamilyCase } from './support/family-case.ts';
import { fixtureFolder } from './support/fixture.ts';
import { readJson } from './support/read-json.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { assertSameBits } from './support/same-bits.ts';
import { needsWebGpu, useSoftwareGpu } from './support/software-gpu.ts';
import { trainInFolder, trainMetric } from './support/train-in-folder.ts';

useSoftwareGpu();

const SCALE = 65_536;

const onCpu =
  (float16: boolean): MakeEngine =>
  (spec, values, options) =>
    CpuEngine.create({ ...spec, float16 }, values, { ...options, threads: 1 });

/** The same engine, whose losses are scaled and whose gradients are not, as the loop does it. */
const scaled =
  (make: MakeEngine, lossScale = SCALE): MakeEngine =>
  async (...model) => {
    const engine = await make(...model);
    const accumulate = engine.accumulate.bind(engine);
    const update = engine.update.bind(engine);
    engine.accumulate = async (feeds, weight, key) =>
      (await accumulate(feeds, weight * lossScale, key)) / lossScale;
    engine.update = (settings) => update({ ...settings, lossScale });
    return engine;
  };

describe('fifty steps in mixed precision, beside float32', () => {
  const cases = {
    BERT: (make: MakeEngine) => runEngineCase('bert-classifier', 'full', make),
    Llama: (make: MakeEngine) => runFamilyCase('llama-causal', 'full', make),
  };
  for (const [name, train] of Object.entries(cases)) {
    it(`${name}: losses within 0.1 %, gradient norms within 0.2 %, and not the same`, async () => {
      const exact = await train(onCpu(false));
      const half = await train(scaled(onCpu(true)));
      const loss = relativeDeviation(half.loss, exact.loss);
      const norm = relativeDeviation(half.grad_norm, exact.grad_norm);
      process.stdout.write(
        `      ${half.loss.length} steps: loss off by ${loss.toExponential(1)}, gradient norm by ${norm.toExponential(1)}\n`,
      );
      assert.ok(loss > 1e-6, 'nothing was rounded');
      assert.ok(loss < 1e-3, `losses off by ${loss}`);
      assert.ok(norm < 2e-3, `gradient norms off by ${norm}`);
    });
  }

  it('a loss scale alone, a power of two, changes no bit', async () => {
    const train = (make: MakeEngine) => runEngineCase('bert-classifier', 'full', make, { steps: 5 });
    assert.deepEqual(await train(scaled(onCpu(false))), await train(onCpu(false)));
  });
});

const readConfig = (file: string) => parseModelConfig(readJson(file), file);

describe('mixed precision as it is written for a GPU', () => {
  it('is a right graph: every pass of a step, and a forward pass, with float16 products', async () => {
    const config = readConfig(join(fixtureFolder('bert-classifier'), 'config.json'));
    const task = { kind: 'text-classification', numLabels: 5 } as const;
    const spec = { config, task, options: {}, isTrained: () => true, labelSmoothing: 0, float16: true };
    const { built, segments } = buildCpuStep(spec, 'cuda');
    const products = built.graph.nodes.filter(({ op }) => ['Gemm', 'FusedMatMul'].includes(op));
    assert.ok(products.length > 20);
    assert.ok(products.every(({ outputs }) => outputs[0]?.dtype === 'float16'));
    const { backward } = planPasses(built.graph, segments, true);
    for (const { model } of backward) await (await createSession(model, { device: 'cpu' })).release();
    const forward = buildTask(config, task, { training: false, lowering: loweringOf('webgpu', true) });
    forward.graph.output('logits', forward.logits);
    await (await createSession(encodeModel(forward.graph), { device: 'cpu' })).release();
  });
});

describe('five steps with a loss scale on WebGPU, beside the CPU', () => {
  needsWebGpu();
  const onGpu: MakeEngine = (spec, values) => WebGpuEngine.create(spec, values);

  it('the same losses and gradient norms', async () => {
    const train = (make: MakeEngine) => runFamilyCase('llama-causal', 'full', make, 5);
    const [cpu, gpu] = [await train(onCpu(false)), await train(scaled(onGpu))];
    assert.ok(relativeDeviation(gpu.loss, cpu.loss) < 1e-4);
    assert.ok(relativeDeviation(gpu.grad_norm, cpu.grad_norm) < 1e-4);
  });

  it('a gradient that overflows changes nothing', async () => {
    const { loss, grad_norm } = await runFamilyCase('llama-causal', 'full', scaled(onGpu, 2 ** 120), 2);
    assert.ok(grad_norm.every((norm) => !Number.isFinite(norm)));
    const [first] = (await runFamilyCase('llama-causal', 'full', onGpu, 1)).loss;
    assert.ok(Math.abs(loss[0]! - first!) < 1e-5);
  });
});

describe('a run with fp16', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const data = fixtureFolder('bert-classifier');

  /** A classifier whose gradients overflow float16 until the loss scale is some steps lower. */
  function overflowing(folder: string): string {
    cpSync(data, folder, { recursive: true });
    return overflow(folder);
  }

  function overflow(folder: string): string {
    const file = join(folder, 'model.safetensors');
    const tensors = new Map(readTensors(file));
    const weight = tensors.get('classifier.weight')!;
    tensors.set('classifier.weight', { ...weight, data: weight.data.map((x) => 300 * x) });
    writeSafetensors(file, tensors);
    return folder;
  }

  const fields = (base: string, max_steps: number) => ({
    base,
    train: join(data, 'train.csv'),
    numLabels: 5,
    arguments: { max_steps, fp16: true, learning_rate: 1e-3, warmup_steps: 3, logging_steps: 1 },
  });

  it('skips a step whose gradient overflows, halves the scale, and counts it neither in the schedule nor for AdamW', async () => {
    const run = resolvedRun(fields(overflowing(join(workspace.path, 'overflowing')), 14));
    const { events, outcome, dir } = await trainInFolder(workspace.path, run);
    assert.equal(outcome.state, 'finished');
    const norms = trainMetric(events, 'grad_norm');
    const scales = trainMetric(events, 'loss_scale');
    const skipped = norms.filter((norm) => !Number.isFinite(norm)).length;
    assert.ok(skipped > 0 && skipped < 10, `${skipped} steps were skipped`);
    norms.forEach((norm, i) => {
      if (i + 1 < norms.length)
        assert.equal(scales[i + 1], Number.isFinite(norm) ? scales[i] : scales[i]! / 2);
    });
    const rates = trainMetric(events, 'learning_rate');
    // The warm-up begins at 0 and moves on with the steps that were taken.
    rates.forEach((rate, i) => {
      const taken = norms.slice(0, i).filter(Number.isFinite).length;
      if (taken <= 3) assert.ok(Math.abs(rate - (1e-3 * taken) / 3) < 1e-12);
    });
    const warnings = events.filter((event) => event.type === 'warning');
    assert.equal(warnings.filter(({ code }) => code === 'train/step-skipped').length, skipped);
    const state: unknown = JSON.parse(readFileSync(join(dir, 'checkpoint-14/trainer_state.json'), 'utf8'));
    assert.match(JSON.stringify(state), new RegExp(`"skipped":${skipped}`));
  });

  it('goes on after a stop with the scale that it had: every loss and every bit of the weights', async () => {
    const base = overflow(dropoutBase(join(workspace.path, 'base'), fixtureFolder('bert-classifier')));
    const run = resolvedRun(fields(base, 12));
    const whole = await trainInFolder(workspace.path, run);
    const { dir } = await trainInFolder(workspace.path, run, { stopAfter: 3 });
    const resumed = await trainInFolder(workspace.path, run, { dir, resume: true });
    for (const metric of ['loss', 'grad_norm', 'learning_rate', 'loss_scale'])
      assert.deepEqual(trainMetric(resumed.events, metric), trainMetric(whole.events, metric));
    assertSameBits(join(resumed.dir, 'output'), join(whole.dir, 'output'));
  });
});
