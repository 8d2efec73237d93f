import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../runs/testing/fixtures.ts';
import { modelFacts } from './model-facts.ts';

const BASE = fileURLToPath(new URL('../../test/fixtures/parity/bert-classifier', import.meta.url));

describe('facts of a model folder', () => {
  const workspace = temporaryFolder();

  /** The adapter as PEFT saves it: without config.json and tokenizer. */
  function adapterOver(base: string): string {
    const folder = join(workspace.path, 'adapter');
    cpSync(join(BASE, 'lora'), folder, { recursive: true });
    const file = join(folder, 'adapter_config.json');
    const fields: unknown = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...Object(fields), base_model_name_or_path: base }));
    return folder;
  }

  it('are of an adapter those of its base: sizes, modules, tokenizer', () => {
    const base = modelFacts(BASE);
    assert.deepEqual(base.problems, []);
    const facts = modelFacts(adapterOver(BASE));
    assert.deepEqual(facts.problems, []);
    assert.ok(facts.modules.includes('query'), facts.modules.join());
    assert.deepEqual(facts.modules, base.modules);
    assert.equal(facts.max_position_embeddings, base.max_position_embeddings);
    assert.equal(facts.tokenizer_folder, BASE);
    assert.ok(facts.parameters > base.parameters);
  });

  it('say of an adapter that its base is gone', () => {
    const { problems } = modelFacts(adapterOver(join(workspace.path, 'gone')));
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['model/no-adapter-base'],
    );
  });
});
