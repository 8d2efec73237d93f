import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../../src/protocol/error.ts';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { exportModel } from '../../src/trainer/export/export-model.ts';
import { inspectCausalModel } from '../../src/trainer/generate/causal-model.ts';
import { readTensors } from '../../src/trainer/safetensors/read.ts';
import { writeSafetensors } from '../../src/trainer/safetensors/write.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import { changedModel, evaluateInFolder, resolvedEvaluate } from './support/evaluate-in-folder.ts';
import { root } from './support/family-case.ts';
import { fixtureFolder } from './support/fixture.ts';
import { fixturesOf } from './support/fixtures-folder.ts';
import { readJson } from './support/read-json.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { trainInFolder } from './support/train-in-folder.ts';

const CLASSIFIER = fixtureFolder('bert-classifier');
const ROWS = join(CLASSIFIER, 'train.csv');
const WRONG = 'does not fit the model that it is put over';

describe('an adapter that was made for another model', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  let count = 0;

  /** An adapter of a fixture that names another base than it was trained on. */
  function adapterOver(fixture: string, base: string): string {
    const folder = join(workspace.path, `${++count}-adapter`);
    cpSync(fixture, folder, { recursive: true });
    const file = join(folder, 'adapter_config.json');
    writeFileSync(file, JSON.stringify({ ...readJson(file), base_model_name_or_path: base }));
    return folder;
  }

  /** A Llama with a tokenizer, whose weights are as wide or as deep as a test has them. */
  function llama(change: 'none' | 'narrow' | 'deep' | 'shallow' = 'none'): string {
    const folder = join(workspace.path, `${++count}-${change}`);
    writeCausalModel(folder);
    if (change === 'none') return folder;
    const file = join(folder, 'config.json');
    const sizes = {
      narrow: { hidden_size: 8, num_attention_heads: 2, num_key_value_heads: 1 },
      deep: { num_hidden_layers: 3 },
      shallow: { num_hidden_layers: 1 },
    };
    writeFileSync(file, JSON.stringify({ ...readJson(file), ...sizes[change] }));
    const tensors = readTensors(join(folder, 'model.safetensors'));
    for (const [name, { shape, data }] of [...tensors]) {
      const kept =
        change === 'narrow' ? shape.map((size) => (size === 16 ? 8 : size === 8 ? 4 : size)) : shape;
      const length = kept.reduce((a, b) => a * b, 1);
      const part = { dtype: 'F32' as const, shape: kept, data: data.slice(0, length) };
      tensors.set(name, part);
      if (change === 'deep' && name.includes('layers.1.'))
        tensors.set(name.replace('layers.1.', 'layers.2.'), part);
      if (change === 'shallow' && name.includes('layers.1.')) tensors.delete(name);
    }
    writeSafetensors(join(folder, 'model.safetensors'), tensors);
    return folder;
  }

  /** What the first tensor that does not fit is said to be, for every base that is not the adapter's. */
  const others: [name: string, base: () => string, what: RegExp][] = [
    [
      'narrower',
      () => llama('narrow'),
      /\(llama, 2 layers, hidden size 8\): its model\.layers\.0\.self_attn\.q_proj\.lora_A\.weight is \[4, 16\] and would have to be \[4, 8\] there\./,
    ],
    [
      'deeper',
      () => llama('deep'),
      /\(llama, 3 layers, .*\): it has no model\.layers\.2\.self_attn\.q_proj\.lora_A\.weight, which would have to be \[4, 16\] there\./,
    ],
    [
      'shallower',
      () => llama('shallow'),
      /\(llama, 1 layer, .*\): its model\.layers\.1\.self_attn\.[qv]_proj\.lora_[AB]\.weight, \[\d+, \d+\], has no place there\./,
    ],
    [
      'of another family',
      () => join(fixturesOf('dpo'), '..', 'families', 'gpt2-causal'),
      /\(gpt2, 2 layers, .*\): its model\.layers\.0\.self_attn\.q_proj\.lora_A\.weight, \[4, 16\], has no place there\./,
    ],
  ];

  async function complains(
    work: () => Promise<unknown>,
    adapter: string,
    base: string,
    what: RegExp,
  ): Promise<void> {
    const error: unknown = await work().catch((e: unknown) => e);
    assert.ok(error instanceof TunebookError, `${String(error)} is not meant for people`);
    assert.equal(error.code, 'model/other-base');
    assert.ok(error.message.includes(`The adapter ${adapter} ${WRONG}, ${base} (`), error.message);
    assert.match(error.message, what);
    assert.ok(
      error.message.includes(`It says that it was trained on ${base}, so another model lies there now.`),
    );
    const file = join(adapter, 'adapter_config.json');
    assert.equal(error.location?.file, file);
    assert.match(
      error.hint ?? '',
      /^Set base_model_name_or_path in .*adapter_config\.json to the model that it was trained on/,
    );
  }

  for (const [name, makeBase, what] of others) {
    it(`${name}: not trained further, not exported, and writes nothing`, async () => {
      const base = makeBase();
      const adapter = adapterOver(join(root, 'llama-causal', 'lora'), base);
      const tokenizer = llama();
      for (const method of [{ lora: {} }, { full: {} }]) {
        const run = resolvedRun({
          ...{ base: adapter, tokenizer, task: 'text-generation', train: ROWS, method },
          arguments: { max_steps: 1 },
        });
        await complains(() => trainInFolder(workspace.path, run), adapter, base, what);
      }
      const file = join(workspace.path, 'a.tune.yaml');
      const wanted = {
        name: 'out',
        file,
        model: adapter,
        format: 'safetensors',
        quantization: 'none',
      } as const;
      const folder = join(workspace.path, `${++count}-out`);
      await complains(
        () => exportModel({ ...wanted, folder, merge_adapter: true }, workspace.path),
        adapter,
        base,
        what,
      );
      await complains(() => inspectCausalModel(adapter), adapter, base, what);
    });
  }

  it('is no candidate of an evaluation, which says whose adapter it is', async () => {
    const wider = changedModel(CLASSIFIER, join(workspace.path, `${++count}-bert`), {
      config: (fields) => ({ ...fields, num_hidden_layers: 1 }),
    });
    const adapter = adapterOver(join(CLASSIFIER, 'lora'), wider);
    const evaluation = resolvedEvaluate(workspace.path, {
      candidates: { tuned: { model: adapter } },
      file: ROWS,
    });
    await assert.rejects(evaluateInFolder(workspace.path, evaluation), {
      code: 'model/other-base',
      message: new RegExp(
        `^Candidate "tuned": The adapter .* ${WRONG}, .*\\(bert, 1 layer, .*has no place there`,
      ),
    });
  });
});
