import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResolvedExport } from '../../src/language/resolved.ts';
import { TunebookError } from '../../src/protocol/error.ts';
import { EXPORT_FILE } from '../../src/protocol/export.ts';
import { inspectModel, loadModel, locateParameters } from '../../src/trainer/checkpoint/inspect-model.ts';
import { exportModel } from '../../src/trainer/export/export-model.ts';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { readTensors } from '../../src/trainer/safetensors/read.ts';
import { absoluteDeviation } from './support/deviation.ts';
import { root, runCase, taskOf } from './support/family-case.ts';
import { fixturesOf } from './support/fixtures-folder.ts';
import { readAdapterCase, type AdapterCase } from './support/lora-case.ts';
import { readJson } from './support/read-json.ts';

const ADAPTERS = fixturesOf('adapters');

describe('an exported model', () => {
  let place: string;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'tunebook-export-'));
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  /** A fixture's adapter over its base, as PEFT saves one on this machine. */
  function adapter(name: string): { made: AdapterCase; folder: string } {
    const made = readAdapterCase(name);
    const folder = join(place, 'adapter');
    cpSync(join(ADAPTERS, name), folder, { recursive: true });
    const fields = readJson(join(folder, 'adapter_config.json'));
    const types: Record<string, string> = { sequence: 'SEQ_CLS', tokens: 'TOKEN_CLS', causal: 'CAUSAL_LM' };
    const more = { base_model_name_or_path: join(root, made.family), task_type: types[made.head] ?? null };
    writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify({ ...fields, ...more }));
    return { made, folder };
  }

  function wanted(model: string, more: Partial<ResolvedExport> = {}): ResolvedExport {
    const file = join(place, 'a.tune.yaml');
    const base = { name: 'deploy', file, model, format: 'safetensors', quantization: 'none' } as const;
    return { ...base, folder: join(place, 'out'), merge_adapter: true, ...more };
  }

  async function logitsOf(folder: string, made: AdapterCase): Promise<number[][]> {
    const task = taskOf(made);
    const model = inspectModel(folder);
    assert.equal(model.adapter, undefined);
    assert.deepEqual(locateParameters(model, task).missing, []);
    const { values } = loadModel(model, task, 0);
    const spec = { config: model.config, task, options: {}, isTrained: () => true, labelSmoothing: 0 };
    const { logits } = await runCase(
      made,
      { spec, values },
      (each, start, options) => CpuEngine.create(each, start, { ...options, threads: 1 }),
      0,
    );
    return logits;
  }

  for (const name of readdirSync(ADAPTERS).sort())
    it(`has the logits that PEFT has after merge_and_unload: ${name}`, async () => {
      const { made, folder } = adapter(name);
      const written = await exportModel(wanted(folder), place);
      assert.equal(written.merged, true);
      assert.ok(!existsSync(join(written.folder, 'adapter_config.json')));
      assert.ok(absoluteDeviation(await logitsOf(written.folder, made), made.merged_logits) < 1e-5);
    });

  for (const merge_adapter of [true, false])
    it(`may be changed by its owner where the model is read-only, ${merge_adapter ? 'merged' : 'as it is'}`, async () => {
      const { folder } = adapter('patterns');
      writeFileSync(join(folder, 'tokenizer.json'), '{}');
      for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444);
      const written = await exportModel(wanted(folder, { merge_adapter }), place);
      const names = readdirSync(written.folder);
      assert.ok(names.includes('tokenizer.json'));
      const sealed = names.filter((name) => (statSync(join(written.folder, name)).mode & 0o200) === 0);
      assert.deepEqual(sealed, []);
    });

  it('of which the folder cannot be written is told of with the `folder:` of its document', async () => {
    const { folder } = adapter('patterns');
    const file = join(place, 'a.tune.yaml');
    writeFileSync(join(place, 'taken'), '');
    await assert.rejects(exportModel(wanted(folder, { folder: join(place, 'taken', 'out') }), place), {
      code: 'run/not-a-folder',
      hint: 'Move that file away, or write into another `folder:`.',
      location: { file },
    });
    if (!existsSync('/sys/kernel')) return;
    await assert.rejects(exportModel(wanted(folder, { folder: '/sys/new/out' }), place), {
      code: 'run/not-writable',
      message: 'No permission to write /sys/new/out.',
      hint: 'Give yourself write access to the folder above it, or write into another `folder:`.',
      location: { file },
    });
  });

  it('is stored in 16 bits where that is asked for, and still what it was to three digits', async () => {
    const { made, folder } = adapter('patterns');
    for (const [quantization, dtype, named] of [
      ['f16', 'F16', 'float16'],
      ['bf16', 'BF16', 'bfloat16'],
    ] as const) {
      const out = join(place, quantization);
      await exportModel(wanted(folder, { quantization, folder: out }), place);
      for (const tensor of readTensors(out).values()) assert.equal(tensor.dtype, dtype);
      assert.equal(readJson(join(out, 'config.json'))['dtype'], named);
      const deviation = absoluteDeviation(await logitsOf(out, made), made.merged_logits);
      assert.ok(deviation > 0 && deviation < 0.05, String(deviation));
    }
  });

  it('is the adapter alone where that is asked for, byte for byte', async () => {
    const { folder } = adapter('dora-bert');
    const { notes, dtype } = await exportModel(wanted(folder, { merge_adapter: false }), place);
    for (const name of ['adapter_config.json', 'adapter_model.safetensors'])
      assert.deepEqual(readFileSync(join(place, 'out', name)), readFileSync(join(folder, name)));
    assert.equal(dtype, 'as they were');
    assert.match(notes.join(), /needs its base/);
  });

  it('is a whole model as it is', async () => {
    const folder = join(root, 'llama-causal');
    await exportModel(wanted(folder), place);
    assert.deepEqual(
      readFileSync(join(place, 'out', 'model.safetensors')),
      readFileSync(join(folder, 'model.safetensors')),
    );
  });

  async function refusal(asked: ResolvedExport): Promise<TunebookError> {
    try {
      await exportModel(asked, place);
    } catch (error) {
      assert.ok(error instanceof TunebookError, String(error));
      assert.ok(error.hint);
      return error;
    }
    assert.fail('it was written');
  }

  it('replaces an earlier export, and nothing else', async () => {
    const folder = join(root, 'llama-causal');
    await exportModel(wanted(folder), place);
    await exportModel(wanted(folder, { quantization: 'f16' }), place);
    assert.match(readFileSync(join(place, 'out', EXPORT_FILE), 'utf8'), /"dtype": "F16"/);
    writeFileSync(join(place, 'out', 'thesis.tex'), 'my words');
    const { code, message } = await refusal(wanted(folder));
    assert.equal(code, 'export/not-empty');
    assert.match(message, /thesis\.tex/);
    assert.equal(readFileSync(join(place, 'out', 'thesis.tex'), 'utf8'), 'my words');
    writeFileSync(join(place, 'file'), '');
    assert.equal(
      (await refusal(wanted(folder, { folder: join(place, 'file') }))).code,
      'export/not-a-folder',
    );
  });

  it('does not go onto the model that it is made of', async () => {
    const folder = join(place, 'models', 'base');
    cpSync(join(root, 'llama-causal'), folder, { recursive: true });
    for (const onto of [folder, join(place, 'models')])
      assert.equal((await refusal(wanted(folder, { folder: onto }))).code, 'export/onto-itself');
  });

  it('says that there is no run, and what an adapter of no known task lacks', async () => {
    assert.equal((await refusal(wanted('run:none'))).code, 'evaluate/no-such-run');
    const { folder } = adapter('dora-bert');
    const fields = readJson(join(folder, 'adapter_config.json'));
    const base = join(place, 'bare');
    mkdirSync(base);
    cpSync(join(root, 'bert-tokens'), base, { recursive: true });
    const config = readJson(join(base, 'config.json'));
    writeFileSync(join(base, 'config.json'), JSON.stringify({ ...config, architectures: ['BertModel'] }));
    const more = { task_type: null, base_model_name_or_path: base };
    writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify({ ...fields, ...more }));
    assert.equal((await refusal(wanted(folder))).code, 'export/unknown-task');
    assert.ok(!existsSync(join(place, 'out')));
  });

  it('names the base of an adapter as PEFT reads it, where it came from the environment', async () => {
    const { made, folder } = adapter(readdirSync(ADAPTERS).sort()[0]!);
    const file = join(folder, 'adapter_config.json');
    const base = '${env.TUNEBOOK_TEST_BASE}';
    writeFileSync(file, JSON.stringify({ ...readJson(file), base_model_name_or_path: base }));
    const asked = wanted(folder, { merge_adapter: false });
    delete process.env['TUNEBOOK_TEST_BASE'];
    await assert.rejects(
      exportModel(asked, place),
      (error) => error instanceof TunebookError && error.code === 'export/environment-missing',
    );
    assert.equal(existsSync(asked.folder), false);
    process.env['TUNEBOOK_TEST_BASE'] = join(root, made.family);
    try {
      const { notes } = await exportModel(asked, place);
      assert.match(notes.join(), /as the environment names it now/);
    } finally {
      delete process.env['TUNEBOOK_TEST_BASE'];
    }
    const written = readJson(join(asked.folder, 'adapter_config.json'));
    assert.equal(written['base_model_name_or_path'], join(root, made.family));
  });
});
