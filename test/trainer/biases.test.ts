import assert from 'node:assert/strict';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { inspectModel, loadModel } from '../../src/trainer/checkpoint/inspect-model.ts';
import { layOut, specOf } from '../../src/trainer/loop/layout.ts';
import { readValues } from '../../src/trainer/loop/read-values.ts';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { readTensors } from '../../src/trainer/safetensors/read.ts';
import { writeSafetensors } from '../../src/trainer/safetensors/write.ts';
import { absoluteDeviation } from './support/deviation.ts';
import { root, runCase, taskOf } from './support/family-case.ts';
import { fixturesOf } from './support/fixtures-folder.ts';
import { readAdapterCase, type LoraModel } from './support/lora-case.ts';
import { readJson } from './support/read-json.ts';
import { resolvedRun } from './support/resolved-run.ts';

const ADAPTERS = fixturesOf('adapters');
const NAMES = readdirSync(ADAPTERS)
  .filter((name) => name.startsWith('bias-'))
  .sort();

describe('an adapter with biases that PEFT trained', () => {
  const workspace = temporaryFolder();
  let count = 0;

  function adapter(name: string): string {
    const folder = join(workspace.path, `${name}-${++count}`);
    cpSync(join(ADAPTERS, name), folder, { recursive: true });
    const file = join(folder, 'adapter_config.json');
    const base_model_name_or_path = join(root, readAdapterCase(name).family);
    writeFileSync(file, JSON.stringify({ ...readJson(file), base_model_name_or_path }));
    return folder;
  }

  async function assertLogits(name: string, model: LoraModel): Promise<void> {
    const made = readAdapterCase(name);
    const { logits } = await runCase(made, model, (...given) => CpuEngine.create(...given), 0);
    assert.ok(absoluteDeviation(logits, made.logits) < 1e-5);
  }

  it('with another number of labels than is asked for is told of as one without biases is', () => {
    const model = inspectModel(adapter('bias-all-bert'));
    const task = { kind: 'text-classification', numLabels: 3 } as const;
    assert.throws(() => loadModel(model, task, 1), { code: 'model/shape-mismatch', message: /classifier/ });
  });

  for (const name of NAMES) {
    const task = taskOf(readAdapterCase(name));

    it(`${name}: a run over it starts from its biases, merged or going on with it`, async () => {
      for (const method of [{ full: {} }, { lora: {} }] as const) {
        const run = resolvedRun({ base: adapter(name), train: '', task: task.kind, method });
        const model = inspectModel(run.model.base);
        const layout = layOut(run, task, model.config, model);
        await assertLogits(name, { spec: specOf(run, layout), values: readValues(layout, model, 1) });
        if (layout.continues) assert.ok(layout.trained.some(({ role }) => role === 'linear-bias'));
      }
    });

    it(`${name}: an evaluation reads them, also by the name that PEFT once gave the bias of an adapted layer`, async () => {
      const folder = adapter(name);
      const read = () => {
        const { spec, values } = loadModel(inspectModel(folder), task, 1);
        return assertLogits(name, { spec: { ...spec, isTrained: () => true, labelSmoothing: 0 }, values });
      };
      await read();
      const file = join(folder, 'adapter_model.safetensors');
      const tensors = [...readTensors(file)];
      assert.ok(tensors.some(([each]) => each.endsWith('.base_layer.bias')));
      writeSafetensors(
        file,
        new Map(tensors.map(([each, tensor]) => [each.replace('.base_layer.bias', '.bias'), tensor])),
      );
      await read();
    });
  }
});
