import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeCausalModel } from '../support/causal-model.ts';
import { workspace } from './support/workspace.ts';

const ADAPTER = fileURLToPath(new URL('../fixtures/families/llama-causal/lora', import.meta.url));

/** What the trainer would refuse, the check finds first: at the value that is wrong, by every command. */
describe('parts of a run that do not fit each other', () => {
  const space = workspace();

  /** Changes the JSON in a file of the workspace. */
  function change(name: string, make: (fields: Record<string, unknown>) => object): void {
    const file = space.at.path(...name.split('/'));
    // SAFETY: only objects are changed here.
    const fields = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify(make(fields)));
  }

  /** Writes a config of a run with the model and what follows it; `«` stands before the value that is wrong. */
  function config(marked: string): string {
    const rows = ['grass is green', 'sky is blue', 'blood is red'];
    space.at.write('rows.jsonl', rows.map((text) => `${JSON.stringify({ text })}\n`).join(''));
    const data = 'data: { train: rows.train, max_length: 8 }\ntrain: { max_steps: 1 }\n';
    const text = `dataset: rows\nfiles: { train: rows.jsonl }\nformat: text\n---\nrun: tiny\n${marked}\n${data}`;
    space.at.write('a.tune.yaml', text.replace('«', ''));
    const before = text.slice(0, text.indexOf('«')).split('\n');
    return `a.tune.yaml:${before.length}:${(before.at(-1) ?? '').length + 1}: error: `;
  }

  async function refused(marked: string, ...said: RegExp[]): Promise<void> {
    const place = config(marked);
    for (const command of ['check', 'plan', 'run']) {
      const { code, stdout, stderr } = await space.at.run(command, 'a.tune.yaml');
      const told = command === 'check' ? stdout : stderr;
      assert.equal(code, 1, `${command}: ${stdout}${stderr}`);
      assert.ok(told.startsWith(place), `${command}: ${place}\n${told}`);
      for (const each of said) assert.match(told, each);
      assert.match(told, /1 error in a\.tune\.yaml/);
    }
    assert.deepEqual(space.at.runs(), []);
  }

  /** An adapter of the fixture in a folder of the workspace, over another folder of it. */
  function adapter(base: string): void {
    cpSync(ADAPTER, space.at.path('adapter'), { recursive: true });
    change('adapter/adapter_config.json', (fields) => ({
      ...fields,
      base_model_name_or_path: space.at.path(base),
    }));
  }

  it('a tokenizer with a token more than the embedding has rows: at the base, or where the tokenizer is named', async () => {
    writeCausalModel(space.at.path('causal'));
    writeCausalModel(space.at.path('words'));
    change('words/tokenizer.json', (fields) => {
      const token = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
      const added: unknown[] = Array.isArray(fields['added_tokens']) ? fields['added_tokens'] : [];
      return { ...fields, added_tokens: [...added, { id: 60, content: '<pad>', ...token }] };
    });
    const said =
      /words has 61 tokens, .* only 60 rows .*: "<pad>" \(60\) has no row\. Take the tokenizer that was saved with the model/;
    await refused('model: { base: «words, task: text-generation }', said, /\[model\/vocabulary-mismatch\]/);
    await refused('model: { base: causal, task: text-generation, tokenizer: «words }', said);
    rmSync(space.at.path('words', 'tokenizer.json'));
    await refused('model: { base: «words, task: text-generation }', /`words` holds no tokenizer/);
    space.at.write('words/tokenizer.json', '{"version": "1.0",');
    await refused('model: { base: «words, task: text-generation }', /tokenizer\.json cannot be used/);
  });

  it('a name in modules_to_save that the model does not have: at that item, with the one that is meant', async () => {
    writeCausalModel(space.at.path('causal'));
    await refused(
      'model: { base: causal, task: text-generation }\nmethod:\n  lora:\n    modules_to_save:\n      - layers.1\n      - «embed_tokns',
      /The model has no module `embed_tokns`\. Did you mean `embed_tokens`\? \[tune\/unknown-module\]/,
      /fix: Change to embed_tokens/,
    );
  });

  it('wrong names of modules beside other mistakes of the method: all at once', async () => {
    writeCausalModel(space.at.path('causal'));
    const lora = (fields: string) =>
      config(`model: { base: causal, task: text-generation }\nmethod: { lora: { «${fields} } }`);
    const codes = async () => {
      const { stdout } = await space.at.run('check', 'a.tune.yaml');
      return [...stdout.matchAll(/\[([a-z]+\/[a-z-]+)\]/g)].map(([, code]) => code);
    };
    lora(`r: 0, target_modules: '.*quer', modules_to_save: [norm, embed_tokns, 7]`);
    assert.deepEqual(await codes(), [
      'tune/out-of-range',
      'run/no-target-modules',
      'tune/unknown-module',
      'tune/wrong-type',
    ]);
    lora('use_dora: perhaps, target_modules: [q_prj], modules_to_save: [embed_tokns]');
    assert.deepEqual(await codes(), ['tune/wrong-type', 'tune/unknown-module', 'tune/unknown-module']);
  });

  it('an adapter over another base: at the base, with both and the first tensor that does not fit', async () => {
    writeCausalModel(space.at.path('causal'));
    adapter('causal');
    const run = 'model: { base: «adapter, task: text-generation }\nmethod: { lora: {} }';
    config(run);
    assert.equal((await space.at.run('check', 'a.tune.yaml')).code, 0);
    change('causal/config.json', (fields) => ({ ...fields, num_hidden_layers: 3 }));
    await refused(
      run,
      /adapter does not fit the model that it is put over, .*causal \(llama, 3 layers, hidden size 16\): it has no model\.layers\.2\.self_attn\.q_proj\.lora_A\.weight, which would have to be \[4, 16\] there\. It says that it was trained on .*causal/,
      /\[model\/other-base\]/,
    );
  });

  it('weights of other shapes than their config says: at the base, also under an adapter', async () => {
    writeCausalModel(space.at.path('causal'));
    adapter('causal');
    const said =
      /embed_tokens\.weight is \[60, 16\] in .*causal, but the config asks for \[61, 16\]\. .*put back the config\.json.* \[model\/shape-mismatch\]/;
    change('causal/config.json', (fields) => ({ ...fields, vocab_size: 61 }));
    await refused('model: { base: «causal, task: text-generation }', said);
    await refused('model: { base: «adapter, task: text-generation }', said);
    change('causal/config.json', (fields) => ({ ...fields, vocab_size: 60, hidden_size: 8, head_dim: 4 }));
    await refused('model: { base: «causal, task: text-generation }', /\[60, 16\] .* asks for \[60, 8\]/);
  });

  it('an adapter whose config is torn or names no base, or that another adapter lies under: once, at the base', async () => {
    writeCausalModel(space.at.path('causal'));
    adapter('causal');
    const run = 'model: { base: «adapter, task: text-generation }';
    cpSync(space.at.path('adapter'), space.at.path('first'), { recursive: true });
    adapter('first');
    await refused(run, /was trained on another adapter, .*first\. Merge the first/);
    change('adapter/adapter_config.json', (fields) => ({ ...fields, base_model_name_or_path: null }));
    await refused(run, /does not say which model the adapter was trained on/);
    space.at.write('adapter/adapter_config.json', '{"peft_type": "LO');
    await refused(run, /adapter_config\.json is not valid JSON/);
  });
});
