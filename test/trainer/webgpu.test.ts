import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { keptVerdict } from '../../src/trainer/runtime/device-verdict.ts';
import { chooseDevice, findDevice } from '../../src/trainer/runtime/devices.ts';
import { WebGpuEngine } from '../../src/trainer/runtime/webgpu-engine.ts';
import { absoluteDeviation, relativeDeviation } from './support/deviation.ts';
import { DPO_FOLDER } from './support/dpo-case.ts';
import { dropoutBase } from './support/dropout-base.ts';
import { runEngineCase, type CaseChanges, type MakeEngine } from './support/engine-case.ts';
import { fixtureFolder, type FixtureName } from './support/fixture.ts';
import { resolvedRun, type RunFields } from './support/resolved-run.ts';
import { needsWebGpu, useSoftwareGpu } from './support/software-gpu.ts';
import { trainInFolder, trainMetric } from './support/train-in-folder.ts';

useSoftwareGpu();

const STEPS = 5;
/** Each case compiles its shaders anew, some ten seconds on a software device: `npm test` has the first ones. */
const ALL = process.env['TUNEBOOK_TESTS'] === 'all';
const DROPOUT: CaseChanges = {
  config: { hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.2, classifier_dropout: 0.3 },
  loraDropout: 0.25,
};

/** Fixture, case, and what differs from it. */
const SHORT: [FixtureName, string, string, CaseChanges][] = [
  ['bert-classifier', 'full', 'with dropout', DROPOUT],
  ['bert-classifier', 'lora_all_linear', 'with dropout', DROPOUT],
  ['bert-mlm', 'full', 'with dropout', DROPOUT],
  ['bert-classifier', 'adafactor', 'without dropout', {}],
];
const LONG: typeof SHORT = [
  ['bert-classifier', 'full', 'without dropout', {}],
  ['bert-classifier', 'accumulation', 'with dropout', DROPOUT],
  ['bert-classifier', 'label_smoothing', 'without dropout', {}],
  ['bert-classifier', 'lora', 'without dropout', {}],
  ['bert-mlm', 'full', 'without dropout', {}],
];

describe('five steps on WebGPU, beside the CPU', () => {
  needsWebGpu();

  for (const [fixture, name, title, changes] of ALL ? [...SHORT, ...LONG] : SHORT) {
    it(`${fixture}, ${name}, ${title}: the same losses, gradient norms and logits`, async () => {
      const options = { ...changes, steps: STEPS };
      const cpu = await runEngineCase(fixture, name, onCpu, options);
      const gpu = await runEngineCase(
        fixture,
        name,
        (spec, values) => WebGpuEngine.create(spec, values),
        options,
      );
      assert.equal(gpu.loss.length, STEPS);
      assert.ok(relativeDeviation(gpu.loss, cpu.loss) < 1e-4);
      assert.ok(relativeDeviation(gpu.grad_norm, cpu.grad_norm) < 1e-4);
      assert.ok(absoluteDeviation(gpu.logits_before, cpu.logits_before) < 1e-4);
      assert.ok(absoluteDeviation(gpu.logits_after, cpu.logits_after) < 1e-4);
      assert.ok(absoluteDeviation(gpu.logits_after, gpu.logits_before) > 1e-3, 'training changed nothing');
      process.stdout.write(
        `      largest deviation of the loss ${relativeDeviation(gpu.loss, cpu.loss).toExponential(1)}\n`,
      );
    });
  }

  it('through the engine of CUDA, DirectML and CoreML, which brings gradients back to the host: the same', async () => {
    const options = { steps: 2 };
    const copied: MakeEngine = (spec, values, engine) =>
      CpuEngine.create(spec, values, { ...engine, device: 'webgpu' });
    const cpu = await runEngineCase('bert-classifier', 'full', onCpu, options);
    const gpu = await runEngineCase('bert-classifier', 'full', copied, options);
    assert.equal(gpu.loss.length, 2);
    assert.notDeepEqual(gpu.loss, cpu.loss, 'the processor computed both');
    assert.ok(relativeDeviation(gpu.loss, cpu.loss) < 1e-4);
    assert.ok(relativeDeviation(gpu.grad_norm, cpu.grad_norm) < 1e-4);
    assert.ok(absoluteDeviation(gpu.logits_after, cpu.logits_after) < 1e-4);
  });

  it('dropout makes a difference: the losses with it are not those without', async () => {
    const lossesWith = async (changes: CaseChanges) =>
      (await runEngineCase('bert-classifier', 'full', onCpu, { ...changes, steps: 2 })).loss;
    assert.ok(relativeDeviation(await lossesWith(DROPOUT), await lossesWith({})) > 1e-3);
  });
});

describe('a run on WebGPU', () => {
  needsWebGpu();
  const workspace = temporaryFolder();
  const cache = temporaryFolder();
  ownRuntimeFolder();
  before(() => (process.env['TUNEBOOK_CACHE_DIR'] = cache.path));
  after(() => delete process.env['TUNEBOOK_CACHE_DIR']);

  it('is preceded by a comparison with the CPU, whose verdict is kept', async () => {
    const gpu = await findDevice('webgpu');
    assert.ok(!('problem' in gpu));
    assert.equal(keptVerdict(gpu, 'float32'), undefined);
    const { device } = await chooseDevice('webgpu');
    assert.equal(device, 'webgpu');
    const verdict = keptVerdict(gpu, 'float32');
    assert.equal(verdict?.agrees, true);
    assert.ok(verdict.deviation < 1e-4, `${verdict.of} differs by ${verdict.deviation}`);
  });

  it('goes on where it was stopped, with the losses of the CPU', async () => {
    const data = fixtureFolder('bert-classifier');
    const run = resolvedRun({
      base: dropoutBase(join(workspace.path, 'base'), fixtureFolder('bert-classifier')),
      train: join(data, 'train.csv'),
      numLabels: 5,
      arguments: { max_steps: 4, learning_rate: 1e-3, weight_decay: 0.01, warmup_steps: 1 },
    });
    const cpu = await trainInFolder(workspace.path, run);
    const onGpu = { ...run, target: { local: { device: 'webgpu' } } };
    const { dir } = await trainInFolder(workspace.path, onGpu, { stopAfter: 2 });
    const { events, outcome } = await trainInFolder(workspace.path, onGpu, { dir, resume: true });
    assert.equal(outcome.state, 'finished');
    for (const metric of ['loss', 'grad_norm'])
      assert.ok(relativeDeviation(trainMetric(events, metric), trainMetric(cpu.events, metric)) < 1e-4);
  });

  const pairs: Record<string, RunFields['method']> = { 'ORPO, full': { full: {}, orpo: {} } };
  if (ALL) {
    pairs['ORPO, LoRA'] = { lora: { r: 4, lora_dropout: 0 }, orpo: {} };
    pairs['DPO, LoRA'] = { lora: { r: 4, lora_dropout: 0 }, dpo: {} };
  }
  for (const [name, method] of Object.entries(pairs)) {
    it(`from pairs of answers (${name}): five steps with the numbers of the CPU`, async () => {
      const run = resolvedRun({
        base: join(DPO_FOLDER, 'base'),
        task: 'text-generation',
        format: 'preference',
        train: join(DPO_FOLDER, 'text.jsonl'),
        maxLength: 24,
        method,
        arguments: {
          max_steps: STEPS,
          per_device_train_batch_size: 4,
          learning_rate: 2e-3,
          save_strategy: 'no',
        },
      });
      const cpu = await trainInFolder(workspace.path, run);
      const gpu = await trainInFolder(workspace.path, { ...run, target: { local: { device: 'webgpu' } } });
      for (const metric of ['loss', 'grad_norm', 'rewards/chosen', 'logps/rejected']) {
        const made = trainMetric(gpu.events, metric);
        assert.equal(made.length, STEPS, metric);
        const deviation = absoluteDeviation([made], [trainMetric(cpu.events, metric)]);
        const largest = Math.max(...made.map(Math.abs));
        assert.ok(deviation < 1e-4 * largest, `${metric} off by ${deviation} of ${largest}`);
      }
    });
  }
});

const onCpu: MakeEngine = (spec, values, options) => CpuEngine.create(spec, values, options);
