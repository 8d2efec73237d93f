import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../runs/testing/fixtures.ts';
import { loadTokenizer } from './data/tokenizer.ts';
import { inspectModel } from './checkpoint/inspect-model.ts';
import { fitFacts } from './fit-facts.ts';
import { CPU_LOWERING } from './graph/graph.ts';
import { modelFacts } from './model-facts.ts';
import { elementCount } from './models/parameter.ts';
import { buildTask } from './models/task.ts';
import { readTensors } from './safetensors/read.ts';
import { writeSafetensors } from './safetensors/write.ts';
import { vocabularyFacts } from './vocabulary-facts.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../test/fixtures/${name}`, import.meta.url));
const BERT = fixture('parity/bert-classifier');
const LLAMA = fixture('families/llama-causal');

describe('whether a run fits its base model', () => {
  const workspace = temporaryFolder();
  let count = 0;

  const lora = (fields: object) => ({
    lora: { r: 4, lora_alpha: 8, lora_dropout: 0, use_rslora: false, use_dora: false, ...fields },
  });
  const ask = (folder: string, task: string, method: object) => fitFacts({ folder, task, method });
  const onLlama = (fields: object) => ask(LLAMA, 'text-generation', lora(fields));

  /** A copy of a fixture with other fields in one of its files. */
  function changed(folder: string, file: string, change: object | string): string {
    const to = join(workspace.path, String(++count));
    cpSync(folder, to, { recursive: true });
    const fields: unknown =
      typeof change === 'string' ? undefined : JSON.parse(readFileSync(join(to, file), 'utf8'));
    const text = typeof change === 'string' ? change : JSON.stringify({ ...Object(fields), ...change });
    writeFileSync(join(to, file), text);
    return to;
  }
  const adapterOver = (adapter: string, base: string | null) =>
    changed(adapter, 'adapter_config.json', { base_model_name_or_path: base });

  it('names what is saved whole and is nowhere, by the rules of PEFT, for the task', () => {
    const found = onLlama({ modules_to_save: ['embed_tokens', 'layers.1', 'lm_heat', 'classifier', 'proj'] });
    assert.deepEqual(found?.unknown_modules, ['lm_heat', 'classifier']);
    assert.ok(found.modules.includes('lm_head') && found.modules.includes('q_proj'), found.modules.join());
    const classifier = ask(BERT, 'text-classification', lora({ modules_to_save: ['classifier', 'lm_head'] }));
    assert.deepEqual(classifier?.unknown_modules, ['lm_head']);
    assert.deepEqual(ask(BERT, 'text-classification', { full: {} })?.unknown_modules, []);
  });

  it('says the first reason for which the trainer refuses it', () => {
    assert.equal(onLlama({ target_modules: ['q_proj'] })?.problem, undefined);
    assert.equal(onLlama({ target_modules: ['query'] })?.problem?.code, 'run/no-target-modules');
    assert.equal(onLlama({ target_modules: '.*query' })?.problem?.code, 'run/no-target-modules');
    assert.equal(onLlama({ target_modules: '.*(q_proj|norm)' })?.problem?.code, 'run/not-linear');
    assert.equal(onLlama({ target_modules: '.*q_proj' })?.problem, undefined);
    assert.equal(ask(LLAMA, 'fill-mask', { full: {} })?.problem?.code, 'model/no-head');
    const deep = changed(LLAMA, 'config.json', { num_hidden_layers: 3 });
    assert.equal(ask(deep, 'text-generation', { full: {} })?.problem?.code, 'model/missing-weights');
    const headless = ask(BERT, 'fill-mask', lora({}));
    assert.equal(headless?.problem?.code, 'run/lora-needs-base');
  });

  it('says that a head has another number of labels, where that is known', () => {
    const trained = fixture('families/llama-sequence');
    const said = (num_labels?: number, more: { ignore_mismatched_sizes?: boolean } = {}) =>
      fitFacts({
        ...more,
        folder: trained,
        task: 'text-classification',
        method: { full: {} },
        ...(num_labels !== undefined && { num_labels }),
      });
    assert.equal(said()?.problem, undefined);
    assert.equal(said(5)?.problem, undefined);
    assert.equal(said(6, { ignore_mismatched_sizes: true })?.problem, undefined);
    const { problem } = said(6) ?? {};
    assert.equal(problem?.code, 'model/shape-mismatch');
    assert.match(problem.message, /^score\.weight is .* but the config asks for/);
    assert.match(problem.hint ?? '', /`ignore_mismatched_sizes: true`/);
  });

  it('says so of an adapter for the task, and is quiet about one that goes on', () => {
    const own = adapterOver(join(LLAMA, 'lora'), LLAMA);
    assert.deepEqual(ask(own, 'text-generation', lora({ lora_alpha: 8 })), {
      unknown_modules: [],
      modules: onLlama({})?.modules,
    });
    assert.equal(ask(own, 'text-generation', lora({ r: 16 }))?.problem?.code, 'run/other-adapter');
    const other = adapterOver(join(LLAMA, 'lora'), fixture('families/gpt2-causal'));
    assert.equal(ask(other, 'text-generation', lora({}))?.problem?.code, 'model/other-base');
  });

  it('is not known where the folder cannot be read', () => {
    assert.equal(ask(join(workspace.path, 'none'), 'text-generation', { full: {} }), undefined);
    const torn = changed(join(LLAMA, 'lora'), 'adapter_config.json', '{"peft_type": "LO');
    assert.equal(ask(torn, 'text-generation', { full: {} }), undefined);
    assert.equal(ask(adapterOver(join(LLAMA, 'lora'), null), 'text-generation', { full: {} }), undefined);
    const bad = changed(LLAMA, 'config.json', { model_type: 'mamba' });
    assert.equal(ask(bad, 'text-generation', { full: {} }), undefined);
  });

  describe('an adapter over another base', () => {
    it('is told with both models and the first tensor, whatever it is for', () => {
      const narrow = changed(LLAMA, 'config.json', { hidden_size: 8, num_attention_heads: 2, head_dim: 4 });
      const { builder } = buildTask(
        inspectModel(narrow).config,
        { kind: 'text-generation' },
        {
          training: false,
          lowering: CPU_LOWERING,
        },
      );
      const zeros = [...builder.parameters.values()].map(({ name, shape }) => {
        const data = new Float32Array(elementCount(shape));
        return [name, { dtype: 'F32', shape: [...shape], data }] as const;
      });
      writeSafetensors(join(narrow, 'model.safetensors'), new Map(zeros));
      const facts = modelFacts(adapterOver(join(LLAMA, 'lora'), narrow));
      const [only, second] = facts.problems;
      assert.equal(second, undefined);
      assert.equal(only?.code, 'model/other-base');
      assert.match(
        only.message,
        /its model\.layers\.0\.self_attn\.q_proj\.lora_A\.weight is \[4, 16\] and would have to be \[4, 8\] there\. It says that it was trained on /,
      );
      assert.ok(only.message.includes(narrow));
      assert.equal(facts.base_folder, narrow);
      const deep = changed(BERT, 'config.json', { num_hidden_layers: 9 });
      const more = modelFacts(adapterOver(join(BERT, 'lora'), deep)).problems;
      assert.match(more.map(({ message }) => message).join(), /it has no .*layer\.\d\..*lora_A/);
    });

    it('is none over its own, of each family, task and kind of adapter', () => {
      const families = readdirSync(fixture('families'))
        .map((name) => ({ adapter: join(fixture('families'), name, 'lora'), base: name }))
        .filter(({ adapter }) => existsSync(adapter));
      const kinds = readdirSync(fixture('adapters')).map((name) => {
        const adapter = join(fixture('adapters'), name);
        // SAFETY: each case of an adapter says of what family's fixture it is.
        const { family } = JSON.parse(readFileSync(join(adapter, 'case.json'), 'utf8')) as { family: string };
        return { adapter, base: family };
      });
      assert.ok(families.length > 20 && kinds.length > 10);
      for (const { adapter, base } of [...families, ...kinds]) {
        const { problems } = modelFacts(adapterOver(adapter, fixture(`families/${base}`)));
        assert.deepEqual(problems, [], adapter);
      }
    });

    it('is none where the head is adapted too, whose size only the data say', () => {
      const folder = adapterOver(join(BERT, 'lora'), BERT);
      const file = join(folder, 'adapter_config.json');
      const fields: unknown = JSON.parse(readFileSync(file, 'utf8'));
      const named = { target_modules: ['query', 'value', 'classifier'], modules_to_save: null };
      writeFileSync(file, JSON.stringify({ ...Object(fields), ...named }));
      const weights = join(folder, 'adapter_model.safetensors');
      const tensors = [...readTensors(weights)].filter(([name]) => name.includes('.lora_'));
      const zeros = (shape: number[]) =>
        ({ dtype: 'F32', shape, data: new Float32Array(shape[0]! * shape[1]!) }) as const;
      const [
        ,
        {
          shape: [rank = 0, width = 0],
        },
      ] = tensors.find(([name]) => name.includes('lora_A'))!;
      const head = 'base_model.model.classifier';
      const more = [
        [`${head}.lora_A.weight`, zeros([rank, width])],
        [`${head}.lora_B.weight`, zeros([5, rank])],
      ] as const;
      writeSafetensors(weights, new Map([...tensors, ...more]));
      assert.deepEqual(modelFacts(folder).problems, []);
    });

    it('that is an adapter itself is refused', () => {
      const first = adapterOver(join(LLAMA, 'lora'), LLAMA);
      const { problems } = modelFacts(adapterOver(join(LLAMA, 'lora'), first));
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['model/adapter-unsupported'],
      );
    });
  });

  describe('a tokenizer and an embedding', () => {
    const place = join(BERT, 'config.json');
    const rows = modelFacts(BERT).vocab_size;

    it('fit where each token has a row, and rows are left over', async () => {
      assert.equal(typeof rows, 'number');
      assert.deepEqual(await vocabularyFacts({ folder: BERT, rows: rows!, place }), {});
      assert.deepEqual(await vocabularyFacts({ folder: BERT, rows: rows! + 64, place }), {});
      assert.deepEqual(await vocabularyFacts({ folder: BERT, place }), {});
    });

    it('do not where one has none: both numbers are said, and what to do', async () => {
      const { vocabSize } = await loadTokenizer(BERT);
      const found = await vocabularyFacts({ folder: BERT, rows: vocabSize - 1, place });
      assert.equal(found?.problem?.code, 'model/vocabulary-mismatch');
      assert.match(
        found.problem.message,
        new RegExp(`has ${vocabSize} tokens, .* only ${vocabSize - 1} rows`),
      );
      assert.match(found.problem.hint ?? '', /resize_token_embeddings/);
    });

    it('are told of where the tokenizer is torn, and not known where there is none', async () => {
      const torn = changed(BERT, 'tokenizer.json', '{"version": ');
      assert.equal(
        (await vocabularyFacts({ folder: torn, rows: 9, place }))?.problem?.code,
        'tokenizer/corrupt',
      );
      assert.equal(await vocabularyFacts({ folder: LLAMA, rows: 9, place }), undefined);
    });
  });
});
