import assert from 'node:assert/strict';
import { check } from '../check.ts';
import { CORPUS, DATASET, EVALUATE, PRETRAIN, RUN, stream, WORLD } from '../testing/example.ts';
import { CONFIG, diagnose, expectProblem, summary } from '../testing/expect-problem.ts';
import { MemoryHost, type MemoryWorld } from '../testing/memory-host.ts';

const onBase = (base: string) => stream(DATASET, RUN.replace('base: base', `base: ${base}`));
const lora = (fields: string) => stream(DATASET, `${RUN}method: { lora: { ${fields} } }\n`);
const scratch = (fields: string) => stream(CORPUS, PRETRAIN.replace('bert }', `bert, ${fields} }`));

describe('modules_to_save', () => {
  const names = ['classifier', 'dense', 'word_embeddings'];
  const fits = (...unknown_modules: string[]) => ({
    fits: { '/w/base': { unknown_modules, modules: names } },
  });

  it('that the model lacks', () =>
    expectProblem(
      lora('modules_to_save: [dense, «clasifier»]'),
      {
        code: 'tune/unknown-module',
        message: 'The model has no module `clasifier`. Did you mean `classifier`?',
        fix: 'Change to classifier',
        becomes: '[dense, classifier]',
      },
      fits('clasifier'),
    ));

  it('of another family', () =>
    expectProblem(
      lora('modules_to_save: [«wte»]'),
      {
        code: 'tune/unknown-module',
        message: 'The model has no module `wte`. It has `classifier`, `dense` and `word_embeddings`.',
      },
      fits('wte'),
    ));

  it('are told beside other mistakes of the run, each at its item', async () => {
    const text = lora('target_modules: [valeu], modules_to_save: [wte, dense, wpe]');
    const found = await diagnose(text, fits('wte', 'wpe'));
    assert.deepEqual(
      found.map(({ code, message }) => `${code} ${/`[^`]*`/.exec(message)?.[0] ?? ''}`),
      ['valeu', 'wte', 'wpe'].map((name) => `tune/unknown-module \`${name}\``),
    );
  });

  it('are told beside other mistakes of the method, and so is a pattern that finds nothing', async () => {
    const codes = async (text: string, world: Partial<MemoryWorld>) =>
      (await diagnose(text, world)).map(({ code }) => code);
    const wrong = 'r: 0, lora_dropout: much, modules_to_save: [wte, dense, 7]';
    assert.deepEqual(await codes(lora(wrong), fits('wte')), [
      'tune/out-of-range',
      'tune/wrong-type',
      'tune/unknown-module',
      'tune/wrong-type',
    ]);
    const none = { code: 'run/no-target-modules', file: '/w/base', message: 'It finds nothing.' };
    const refuses = { fits: { '/w/base': { unknown_modules: ['wte'], modules: names, problem: none } } };
    assert.deepEqual(await codes(lora(`r: 0, target_modules: '.*quer', modules_to_save: [wte]`), refuses), [
      'tune/out-of-range',
      'run/no-target-modules',
      'tune/unknown-module',
    ]);
    // Another refusal may come of what was left out.
    const other = { ...none, code: 'run/other-adapter' };
    assert.deepEqual(
      await codes(lora(`r: 0, target_modules: '.*quer'`), { fits: { '/w/base': { problem: other } } }),
      ['tune/out-of-range'],
    );
  });

  it('are asked of the trainer with the task and the method as it gets them', async () => {
    const host = new MemoryHost({
      ...WORLD,
      files: { ...WORLD.files, [CONFIG]: lora('modules_to_save: [dense]') },
    });
    await check([CONFIG], host);
    const asked = host.asked.find((each) => 'method' in each);
    assert.deepEqual(asked && { ...asked, method: undefined }, {
      folder: '/w/base',
      task: 'text-classification',
      method: undefined,
    });
    assert.match(JSON.stringify(asked), /"modules_to_save":\["dense"\],"r":\d+/);
  });
});

describe('a tokenizer and an embedding', () => {
  const refusal = {
    code: 'model/vocabulary-mismatch',
    file: '/w/base',
    message: 'It has 1001 tokens.',
    hint: 'Take another.',
  };
  const wrong = { vocabularies: { '/w/base': { problem: refusal } } };
  const said = { code: refusal.code, message: 'It has 1001 tokens. Take another.' };

  it('of one folder: at the base', () => expectProblem(onBase('«base»'), said, wrong));

  it('of two folders: at the tokenizer', () =>
    expectProblem(stream(DATASET, RUN.replace('base: base', 'base: other, tokenizer: «base»')), said, {
      ...wrong,
      files: { '/w/other/config.json': '{}' },
      models: { '/w/other': {} },
    }));

  it('of a model from scratch, and of a candidate', async () => {
    await expectProblem(
      stream(CORPUS, PRETRAIN.replace('tokenizer: base', 'tokenizer: «base»')),
      said,
      wrong,
    );
    const found = await diagnose(stream(DATASET, EVALUATE.replace(', after: { run: full }', '')), wrong);
    assert.deepEqual(
      found.map(({ code }) => code),
      [refusal.code],
    );
  });

  it('are compared by the rows of the base, and where the config of a model from scratch says them by these', async () => {
    const asked = async (text: string, world: Partial<MemoryWorld> = {}) => {
      const host = new MemoryHost({
        ...WORLD,
        ...world,
        files: { ...WORLD.files, ...world.files, [CONFIG]: text },
      });
      await check([CONFIG], host);
      return host.asked.filter((each) => 'place' in each);
    };
    const tokenizer = { folder: '/w/base' };
    assert.deepEqual(await asked(onBase('base')), [
      { ...tokenizer, rows: 1000, place: '/w/base/config.json' },
    ]);
    assert.deepEqual(await asked(scratch('vocab_size: 7')), [{ ...tokenizer, rows: 7, place: CONFIG }]);
    assert.deepEqual(await asked(stream(CORPUS, PRETRAIN)), [{ ...tokenizer, place: CONFIG }]);
    const adapter = {
      files: { '/w/adapter/adapter_config.json': '{}' },
      models: {
        ...WORLD.models,
        '/w/adapter': { vocab_size: 9, base_folder: '/w/base', tokenizer_folder: '/w/base' },
      },
    };
    assert.deepEqual(await asked(onBase('adapter'), adapter), [
      { ...tokenizer, rows: 9, place: '/w/base/config.json' },
    ]);
    // Of a model that is not known, nothing is compared.
    assert.deepEqual(await asked(onBase('base'), { models: {} }), []);
  });
});

describe('a run that does not fit its base', () => {
  const refused = (code: string) => ({
    fits: {
      '/w/base': { problem: { code, file: '/w/base', message: 'It does not fit.', hint: 'Change it.' } },
    },
  });
  const said = (code: string) => ({ code, message: 'It does not fit. Change it.' });

  it('is shown at the field that it is about, else at the base', async () => {
    await expectProblem(
      lora('target_modules: «[dense]»'),
      said('run/no-target-modules'),
      refused('run/no-target-modules'),
    );
    await expectProblem(
      lora(`target_modules: «'.*dense|.*Norm'»`),
      said('run/not-linear'),
      refused('run/not-linear'),
    );
    await expectProblem(
      lora('modules_to_save: «[dense]»'),
      said('run/tied-module'),
      refused('run/tied-module'),
    );
    await expectProblem(
      lora('r: 8').replace('{ r: 8 }', '«{ r: 8 }»'),
      said('run/other-adapter'),
      refused('run/other-adapter'),
    );
    await expectProblem(onBase('«base»'), said('model/other-base'), refused('model/other-base'));
    await expectProblem(onBase('«base»'), said('model/no-head'), refused('model/no-head'));
    await expectProblem(
      onBase('base, num_labels: «3»'),
      said('model/shape-mismatch'),
      refused('model/shape-mismatch'),
    );
    await expectProblem(onBase('«base»'), said('model/shape-mismatch'), refused('model/shape-mismatch'));
  });

  it('is told after everything else is right', async () => {
    const found = await diagnose(lora('target_modules: [valeu]'), refused('run/no-target-modules'));
    assert.deepEqual(
      found.map(({ code }) => code),
      ['tune/unknown-module'],
    );
  });

  it('is no matter where its base is not on this machine', async () => {
    for (const base of ['hf:owner/name', 'run:other']) {
      const found = await diagnose(onBase(base), { ...refused('model/other-base'), runs: ['other'] });
      assert.deepEqual(found.map(summary), []);
    }
  });

  it('is told of an adapter in the Hugging Face cache, which has no config.json', async () => {
    const folder = '/cache/models--o--n/snapshots/c1';
    const file = `${folder}/adapter_config.json`;
    const problems = [
      { code: 'model/other-base', file, message: 'It does not fit.', hint: 'Change it.' },
      { code: 'model/not-in-cache', file: '/cache/models--o--base', message: 'Not fetched yet.' },
    ];
    const world = {
      hubCache: '/cache',
      files: { '/cache/models--o--n/refs/main': 'c1', [file]: '{}' },
      models: { [folder]: { problems } },
    };
    await expectProblem(onBase('«hf:o/n»'), said('model/other-base'), world);
  });

  it('is told of a base in the Hugging Face cache', async () => {
    const folder = '/cache/models--o--n/snapshots/c1';
    const [problem] = Object.values(refused('model/other-base').fits);
    const world = {
      hubCache: '/cache',
      files: { '/cache/models--o--n/refs/main': 'c1', [`${folder}/config.json`]: '{}' },
      models: { [folder]: {} },
      fits: { [folder]: problem! },
    };
    await expectProblem(onBase('«hf:o/n»'), said('model/other-base'), world);
  });
});

describe('an adapter without a tokenizer', () => {
  const files = { '/w/adapter/adapter_config.json': '{}' };
  const shown = async (models: MemoryWorld['models']) =>
    (await diagnose(onBase('adapter'), { files, models: { ...WORLD.models, ...models } })).map(
      ({ code }) => code,
    );

  it('is told of once where its base is not known, and not before that is looked at', async () => {
    const problems = [{ code: 'model/no-adapter-base', file: '/w/adapter', message: 'Which?' }];
    assert.deepEqual(await shown({ '/w/adapter': { problems } }), ['model/no-adapter-base']);
    assert.deepEqual(await shown({}), []);
    assert.deepEqual(await shown({ '/w/adapter': {} }), ['tune/missing-model']);
  });
});
