import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../runs/testing/fixtures.ts';
import { FactsCache } from './facts-cache.ts';
import { modelFacts } from './model-facts.ts';
import { readTensors } from './safetensors/read.ts';
import { writeSafetensors } from './safetensors/write.ts';
import { vocabularyFacts } from './vocabulary-facts.ts';

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

  describe('whose files are not what they should be', () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';
    let count = 0;

    /** What is said of a copy of a model once it is changed. */
    function said(change: (folder: string) => void): { code: string; message: string } {
      const folder = join(workspace.path, `changed-${++count}`);
      cpSync(BASE, folder, { recursive: true });
      change(folder);
      const [{ code, message } = { code: '', message: '' }, ...more] = modelFacts(folder).problems;
      assert.deepEqual(more, []);
      return { code, message };
    }

    it('are told of as pointers of Git LFS', async () => {
      for (const name of ['config.json', 'model.safetensors']) {
        const { code, message } = said((folder) => writeFileSync(join(folder, name), pointer));
        assert.equal(code, 'file/lfs-pointer');
        assert.ok(message.includes(name));
      }
      const folder = join(workspace.path, 'tokenizer');
      mkdirSync(folder);
      writeFileSync(join(folder, 'tokenizer.json'), pointer);
      assert.equal((await vocabularyFacts({ folder, place: '' }))?.problem?.code, 'file/lfs-pointer');
    });

    it('are told of as folders, as pages, and as parts that are missing', () => {
      const replace = (name: string, make: (file: string) => void) =>
        said((folder) => {
          rmSync(join(folder, name));
          make(join(folder, name));
        });
      assert.match(replace('model.safetensors', (file) => mkdirSync(file)).message, /is a folder/);
      assert.match(replace('config.json', (file) => mkdirSync(file)).message, /is a folder, not a file\.$/);
      const page = replace('config.json', (file) => writeFileSync(file, '<html>'));
      assert.match(page.message, /config\.json is not valid JSON: Unexpected token '<'\.$/);
      const index = replace('model.safetensors', (file) =>
        writeFileSync(`${file}.index.json`, '{"weight_map":{"a":"model-00001-of-00002.safetensors"}}'),
      );
      assert.equal(index.code, 'file/missing');
      assert.match(
        index.message,
        /index\.json names model-00001-of-00002\.safetensors, which is not beside it/,
      );
    });

    it('are told of where a config has more layers than any model, before they are built', () => {
      const { code, message } = said((folder) => {
        const file = join(folder, 'config.json');
        const text = readFileSync(file, 'utf8');
        writeFileSync(file, text.replace(/"num_hidden_layers": \d+/, '"num_hidden_layers": 2000000000'));
      });
      assert.equal(code, 'model/bad-config');
      assert.match(message, /num_hidden_layers is 2000000000, and the trainer builds 1000 layers at most/);
    });
  });

  describe('whose weights have other shapes than its config says', () => {
    const families = fileURLToPath(new URL('../../test/fixtures/families', import.meta.url));

    /** A copy of a model of a family with other fields in its config. */
    function changed(family: string, change: object): string {
      const folder = join(workspace.path, `${family}-${Object.keys(change).join('-')}`);
      cpSync(join(families, family), folder, { recursive: true });
      const file = join(folder, 'config.json');
      const fields: unknown = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify({ ...Object(fields), ...change }));
      return folder;
    }

    /** Parts the weights of a folder, as save_pretrained does with those of large models. */
    function shard(folder: string): void {
      const tensors = [...readTensors(folder)];
      const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;
      const middle = tensors.length / 2;
      const weight_map = tensors.map(([name], i) => [name, names[i < middle ? 0 : 1]] as const);
      for (const shardName of names)
        writeSafetensors(
          join(folder, shardName),
          new Map(tensors.filter((_, i) => weight_map[i]?.[1] === shardName)),
        );
      const index = { metadata: {}, weight_map: Object.fromEntries(weight_map) };
      writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
      rmSync(join(folder, 'model.safetensors'));
    }

    it('name the first tensor, the config and what to do, of one file as of several', () => {
      for (const parted of [false, true]) {
        const folder = changed('llama-causal', { vocab_size: 61, [`parted_${parted}`]: true });
        if (parted) shard(folder);
        const [problem, second] = modelFacts(folder).problems;
        assert.equal(second, undefined);
        assert.equal(problem?.code, 'model/shape-mismatch');
        assert.equal(problem.file, join(folder, 'config.json'));
        // What it says of the vocabulary is not compared with a tokenizer.
        assert.equal(modelFacts(folder).vocab_size, undefined);
        assert.match(problem.message, /^model\.embed_tokens\.weight is \[60, 16\] in .* asks for \[61, 16\]/);
        assert.match(problem.hint ?? '', /put back the config\.json/);
      }
    });

    it('find the sizes of every part, whatever the model is for', () => {
      const sizes = {
        'llama-causal': { intermediate_size: 8 },
        'bert-masked': { hidden_size: 8 },
        'bert-tokens': { max_position_embeddings: 11 },
        'gpt2-causal': { n_embd: 8 },
        'distilbert-sequence': { hidden_dim: 20 },
      };
      for (const [family, change] of Object.entries(sizes))
        assert.deepEqual(
          modelFacts(changed(family, change)).problems.map(({ code }) => code),
          ['model/shape-mismatch'],
          family,
        );
    });

    it('find none in what transformers saved', () => {
      for (const family of readdirSync(families))
        assert.deepEqual(modelFacts(join(families, family)).problems, [], family);
    });

    it('are asked again when a shard alone has changed', async () => {
      const folder = changed('llama-causal', { pad_token_id: 1 });
      shard(folder);
      const cache = new FactsCache();
      assert.deepEqual((await cache.model({ folder })).problems, []);
      truncateSync(join(folder, 'model-00002-of-00002.safetensors'), 100);
      assert.deepEqual(
        (await cache.model({ folder })).problems.map(({ code }) => code),
        ['safetensors/truncated'],
      );
    });
  });

  it('say of an adapter that its base is gone', () => {
    const { problems } = modelFacts(adapterOver(join(workspace.path, 'gone')));
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['model/no-adapter-base'],
    );
  });
});
