import assert from 'node:assert/strict';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { assertPreference, numbersOf, PAIR_METRICS } from './support/assert-preference.ts';
import { absoluteDeviation, assertParity } from './support/deviation.ts';
import { DPO_CASES, DPO_FOLDER, dpoRun, readDpoCase, trainDpoCase } from './support/dpo-case.ts';
import { readJson } from './support/read-json.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { trainInFolder, trainMetric } from './support/train-in-folder.ts';

describe('preference runs, beside TRL’s DPOTrainer', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  for (const name of DPO_CASES) {
    it(`${name}: every loss, gradient norm and reward, and the evaluation`, async () => {
      // Of several batches TRL averages their means, and ours is the mean over all tokens.
      const logits = name === 'accumulation' ? [] : ['logits/chosen', 'logits/rejected'];
      const trained = await trainDpoCase(workspace.path, name);
      assertPreference(trained, readDpoCase(name), [...PAIR_METRICS, ...logits]);
    });
  }
});

describe('a preference run that goes on with an adapter', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const reference = readDpoCase('continued');
  const adapterFolder = () => {
    const folder = join(workspace.path, 'adapter');
    cpSync(join(DPO_FOLDER, 'adapter'), folder, { recursive: true });
    const file = join(folder, 'adapter_config.json');
    writeFileSync(
      file,
      JSON.stringify({ ...readJson(file), base_model_name_or_path: join(DPO_FOLDER, 'base') }),
    );
    return folder;
  };
  const goOn = (method: 'lora' | 'full', lora = {}) => {
    const run = dpoRun('continued');
    run.model.base = adapterFolder();
    return { ...run, method: method === 'full' ? run.method : { ...withLora(lora), dpo: run.method.dpo! } };
  };

  it('has TRL’s numbers: the reference is the adapter as it was, and the result an adapter of the same base', async () => {
    const { dir, events } = await trainInFolder(workspace.path, goOn('lora'));
    const [loss, grad_norm] = [trainMetric(events, 'loss'), trainMetric(events, 'grad_norm')];
    assertParity({ loss, grad_norm }, reference);
    const margins = [trainMetric(events, 'rewards/margins')];
    assert.ok(absoluteDeviation(margins, [numbersOf(reference, 'rewards/margins')]) < 2e-4);
    const output = join(dir, 'output');
    const saved = readJson(join(output, 'adapter_config.json'));
    assert.deepEqual([saved['r'], saved['lora_alpha']], [4, 8]);
    assert.equal(saved['base_model_name_or_path'], join(DPO_FOLDER, 'base'));
    // And that is a base again.
    const next = goOn('lora');
    next.model.base = output;
    const { outcome } = await trainInFolder(workspace.path, {
      ...next,
      train: { ...next.train, max_steps: 2 },
    });
    assert.equal(outcome.state, 'finished');
  });

  it('trains the merged model whole where it is told to: the same log-probabilities at the start', async () => {
    const run = goOn('full');
    const { dir, events } = await trainInFolder(workspace.path, {
      ...run,
      train: { ...run.train, max_steps: 2 },
    });
    const [first] = trainMetric(events, 'logps/chosen');
    assert.ok(Math.abs(first! - numbersOf(reference, 'logps/chosen')[0]!) < 1e-4);
    assert.equal(trainMetric(events, 'rewards/margins')[0], 0);
    assert.ok(existsSync(join(dir, 'output', 'model.safetensors')));
  });

  it('refuses settings that the adapter does not have', async () => {
    await assert.rejects(trainInFolder(workspace.path, goOn('lora', { r: 16 })), {
      code: 'run/other-adapter',
      message: /is an adapter with r: 4, and the run asks for r: 16/,
    });
  });
});

function withLora(lora: object) {
  const { method } = resolvedRun({ base: '', train: '', method: { lora } });
  assert.ok('lora' in method);
  return method;
}
