import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { inspectModel, loadModel } from '../../src/trainer/checkpoint/inspect-model.ts';
import { saveModel } from '../../src/trainer/checkpoint/save-model.ts';
import { layOut } from '../../src/trainer/loop/layout.ts';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { readTensors } from '../../src/trainer/safetensors/read.ts';
import { absoluteDeviation } from './support/deviation.ts';
import { root, runCase } from './support/family-case.ts';
import { fixturesOf } from './support/fixtures-folder.ts';
import { readAdapterCase } from './support/lora-case.ts';
import { readJson } from './support/read-json.ts';
import { resolvedRun } from './support/resolved-run.ts';

const THEIRS = join(fixturesOf('adapters'), 'saved-tied');
const BASE = join(root, 'qwen2-causal');
const TASK = { kind: 'text-generation' } as const;

describe('an adapter with a table of words of its own, which is the output layer too', () => {
  const workspace = temporaryFolder();

  /** PEFT's adapter with other settings. */
  function adapter(name: string, fields: Record<string, unknown>): string {
    const folder = join(workspace.path, name);
    cpSync(THEIRS, folder, { recursive: true });
    const settings = {
      ...readJson(join(folder, 'adapter_config.json')),
      base_model_name_or_path: BASE,
      ...fields,
    };
    writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(settings));
    return folder;
  }

  it('is read as PEFT reads it, which wrote the weight under both names', async () => {
    const made = readAdapterCase('saved-tied');
    const { spec, values } = loadModel(inspectModel(adapter('tied', {})), TASK, 0);
    const { logits } = await runCase(
      made,
      { spec: { ...spec, isTrained: () => true, labelSmoothing: 0 }, values },
      (...given) => CpuEngine.create(...given),
      0,
    );
    assert.ok(absoluteDeviation(logits, made.logits) < 1e-5);
  });

  it('is refused where it has parted the two, which would be another model', () => {
    const folder = adapter('parted', { ensure_weight_tying: false });
    assert.throws(() => loadModel(inspectModel(folder), TASK, 0), {
      code: 'model/adapter-unsupported',
      message: /has embed_tokens in modules_to_save, .* that lm_head uses too/,
    });
  });

  it('is written as PEFT writes it, by whichever name a run calls it', () => {
    const run = resolvedRun({
      base: BASE,
      train: '',
      task: 'text-generation',
      method: { lora: { r: 4, lora_alpha: 8, modules_to_save: ['lm_head'] } },
    });
    const model = inspectModel(BASE);
    const { method, trained } = layOut(run, TASK, model.config, model);
    const { settings, config, modulesToSave } = method.lora ?? assert.fail('no adapter');
    assert.deepEqual(settings.options.modules_to_save, ['embed_tokens']);
    const { values } = loadModel(inspectModel(adapter('ours', {})), TASK, 0);
    const folder = join(workspace.path, 'written');
    mkdirSync(folder);
    const described = { lora: config, modulesToSave, base: BASE };
    const baseConfig = readJson(join(BASE, 'config.json'));
    saveModel(folder, { baseConfig, task: TASK, labels: [], adapter: described }, trained, values);
    const file = 'adapter_model.safetensors';
    assert.deepEqual(
      new Map([...readTensors(join(folder, file))].sort()),
      new Map([...readTensors(join(THEIRS, file))].sort()),
    );
    assert.equal(readJson(join(folder, 'adapter_config.json'))['ensure_weight_tying'], true);
  });
});
