import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadParameters } from '../../src/trainer/checkpoint/load-parameters.ts';
import { readAdapter } from '../../src/trainer/checkpoint/read-adapter.ts';
import { CPU_LOWERING } from '../../src/trainer/graph/graph.ts';
import { isTrainedByLora, Lora } from '../../src/trainer/methods/lora.ts';
import { mergeLora } from '../../src/trainer/methods/merge.ts';
import { parseModelConfig } from '../../src/trainer/models/config.ts';
import { buildTask, headFor } from '../../src/trainer/models/task.ts';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { absoluteDeviation, relativeDeviation } from './support/deviation.ts';
import { readJson } from './support/read-json.ts';
import { root, runCase, taskOf, type FamilyCase, type Training } from './support/family-case.ts';

/** A case of test/fixtures/adapters, made by python/make_adapter_fixtures.py. */
interface AdapterCase extends FamilyCase {
  family: string;
  lora: Training;
  merged_logits: number[][];
}

const FOLDER = fileURLToPath(new URL('../fixtures/adapters', import.meta.url));

describe('adapters of every kind, beside PEFT', () => {
  for (const name of readdirSync(FOLDER).sort()) {
    const folder = join(FOLDER, name);
    // SAFETY: made by python/make_adapter_fixtures.py, which writes this shape.
    const made = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as AdapterCase;
    const base = join(root, made.family);
    const task = taskOf(made);
    const config = parseModelConfig(readJson(join(base, 'config.json')), base);
    const fields = { ...readJson(join(folder, 'adapter_config.json')), base_model_name_or_path: base };

    const load = () => {
      const { options } = readAdapter(folder, fields).lora;
      const head = headFor(config, task)?.modules ?? [];
      const lora = new Lora({ ...options, modules_to_save: made.head === 'tokens' ? head : [] });
      const built = buildTask(config, task, { adapter: lora, training: false, lowering: CPU_LOWERING });
      const { parameters, linearLayers } = built.builder;
      const { values, initialized } = loadParameters(parameters.values(), [base, folder], 1);
      assert.deepEqual(initialized, []);
      return { lora, values, linearLayers };
    };
    const engine: Parameters<typeof runCase>[2] = (spec, values, options) =>
      CpuEngine.create(spec, values, { ...options, threads: 1 });

    it(`${name}: every loss and gradient norm of 50 steps, and logits`, async () => {
      const { lora, values } = load();
      const isTrained = (parameter: { name: string }) => isTrainedByLora(parameter.name, lora.options);
      const spec = { config, task, options: { adapter: lora }, isTrained, labelSmoothing: 0 };
      const ours = await runCase(made, { spec, values }, engine);
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
      assert.ok(absoluteDeviation(ours.logits_after, ours.logits) > 0.01);
    });

    it(`${name}: merged into its base`, async () => {
      const { lora, values, linearLayers } = load();
      mergeLora(lora, linearLayers, values);
      const spec = { config, task, options: {}, isTrained: () => true, labelSmoothing: 0 };
      const ours = await runCase(made, { spec, values }, engine, 0);
      assert.ok(absoluteDeviation(ours.logits, made.merged_logits) < 1e-5);
    });
  }
});
