import assert from 'node:assert/strict';
import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { resolvedRun } from '../../../test/trainer/support/resolved-run.ts';
import { Lora } from '../methods/lora.ts';
import type { Parameter } from '../models/parameter.ts';
import { checkModulesToSave, checkTargets, continueAdapter, readMethod, settingsToSave } from './method.ts';

const CLASSIFIER = { className: 'C', modules: ['classifier'], mayBeFresh: ['pooler'] };
const BERT = { loraTargets: ['query', 'value'] };
const MASKED = { className: 'M', modules: ['cls'] };

const run = (method: Parameters<typeof resolvedRun>[0]['method'], task?: ResolvedRun['model']['task']) =>
  resolvedRun({ base: '/base', train: 'rows.csv', method, ...(task ? { task } : {}) });
const LAYERS = ['query', 'key', 'value'].map((name) => ({
  name: `bert.encoder.layer.0.attention.self.${name}`,
  inFeatures: 4,
  outFeatures: 4,
}));

describe('readMethod', () => {
  it('full: trains everything', () => {
    const { adapter, isTrained } = readMethod(run({ full: {} }), '/base', [], CLASSIFIER, BERT);
    assert.equal(adapter, undefined);
    const parameter = { name: 'bert.embeddings.word_embeddings.weight' };
    // SAFETY: only the name is looked at.
    assert.equal(isTrained(parameter as Parameters<typeof isTrained>[0]), true);
  });

  it('LoRA: saves the classifier whole, and what the config names', () => {
    assert.deepEqual(readMethod(run({ lora: {} }), '/base', [], CLASSIFIER, BERT).lora?.modulesToSave, [
      'classifier',
    ]);
    const named = run({ lora: { modules_to_save: ['LayerNorm'] } });
    assert.deepEqual(readMethod(named, '/base', [], CLASSIFIER, BERT).lora?.modulesToSave, [
      'LayerNorm',
      'classifier',
    ]);
  });

  it('LoRA: saves a pooler that the base does not bring, and only then', () => {
    const fresh = [
      'bert.pooler.dense.weight',
      'bert.pooler.dense.bias',
      'classifier.weight',
      'classifier.bias',
    ];
    assert.deepEqual(readMethod(run({ lora: {} }), '/base', fresh, CLASSIFIER, BERT).lora?.modulesToSave, [
      'classifier',
      'pooler',
    ]);
  });

  it('LoRA: keeps a weight one that the model uses twice, and refuses where PEFT cannot', () => {
    const saved = (names: string[], embedding: string, output = 'lm_head') =>
      readMethod(
        run({ lora: { modules_to_save: names } }, 'text-generation'),
        '/base',
        [],
        { className: 'L', modules: [], tied: { embedding, output } },
        BERT,
      ).lora?.modulesToSave;
    const table = 'model.embed_tokens';
    assert.deepEqual(saved(['lm_head', 'norm'], table), ['embed_tokens', 'norm']);
    assert.deepEqual(saved([table], table), ['embed_tokens', table]);
    assert.deepEqual(saved(['norm'], table), ['norm']);
    for (const name of ['wte', 'lm_head', 'transformer.wte'])
      assert.throws(() => saved([name], 'transformer.wte'), { code: 'run/tied-module' });
    assert.throws(() => saved(['cls'], 'bert.embeddings.word_embeddings', 'cls.predictions.decoder'), {
      code: 'run/tied-module',
    });
    assert.deepEqual(saved(['ln_f'], 'transformer.wte'), ['ln_f']);
  });

  it('LoRA: refuses to sit on what is random', () => {
    for (const [base, fresh] of [
      [undefined, []],
      ['/base', ['cls.predictions.bias']],
    ] as const)
      assert.throws(() => readMethod(run({ lora: {} }, 'fill-mask'), base, fresh, MASKED, BERT), {
        code: 'run/lora-needs-base',
      });
  });
});

describe('checkTargets', () => {
  const parameters = [
    'bert.embeddings.word_embeddings.weight',
    'bert.embeddings.LayerNorm.weight',
    ...LAYERS.map(({ name }) => `${name}.weight`),
    'classifier.weight',
  ].map((name) => ({ name }));
  const head = {
    ...CLASSIFIER,
    tied: { embedding: 'bert.embeddings.word_embeddings', output: 'cls.predictions.decoder' },
  };
  const check = (method: Parameters<typeof run>[0]) =>
    checkTargets(
      readMethod(run(method), '/base', [], CLASSIFIER, BERT),
      LAYERS,
      parameters,
      head,
      'a.tune.yaml',
    );

  it('names the layers there are when no target matches', () => {
    const method = readMethod(run({ lora: { target_modules: ['q_proj'] } }), '/base', [], CLASSIFIER, BERT);
    assert.throws(
      () => checkTargets(method, LAYERS, [], CLASSIFIER, 'a.tune.yaml'),
      (error: unknown) => {
        assert.ok(error instanceof TunebookError);
        assert.equal(error.code, 'run/no-target-modules');
        assert.match(error.message, /\["q_proj"\] matches no linear layer/);
        assert.match(error.hint ?? '', /key, query, value; or say all-linear/);
        return true;
      },
    );
  });

  it('is content when one does', () => {
    check({ lora: {} });
    check({ full: {} });
    check({ lora: { target_modules: 'all-linear' } });
    check({ lora: { target_modules: String.raw`.*\.(query|key)` } });
    // A head that is saved whole is no target.
    check({ lora: { target_modules: ['query', 'classifier'] } });
  });

  it('names what a target takes in beside linear layers: tables, norms, a tied output layer, and what layers lie in', () => {
    for (const [target_modules, other] of [
      [['query', 'word_embeddings'], 'bert.embeddings.word_embeddings'],
      [['query', 'LayerNorm'], 'bert.embeddings.LayerNorm'],
      [['query', 'decoder'], 'cls.predictions.decoder'],
      [['query', 'self'], 'bert.encoder.layer.0.attention.self'],
      [String.raw`.*\.(query|LayerNorm)`, 'bert.embeddings.LayerNorm'],
      ['.*self.*', 'bert.encoder.layer.0.attention.self'],
    ] as const)
      assert.throws(
        () =>
          check({
            lora: {
              target_modules: typeof target_modules === 'string' ? target_modules : [...target_modules],
            },
          }),
        (error: unknown) => {
          assert.ok(error instanceof TunebookError);
          assert.equal(error.code, 'run/not-linear');
          assert.ok(error.message.includes(` takes in ${other}, which is no linear layer`), error.message);
          return true;
        },
      );
    check({ lora: { target_modules: '.*self.*', exclude_modules: ['self'] } });
  });
});

describe('checkModulesToSave', () => {
  const parameters = [{ name: 'bert.encoder.layer.0.output.LayerNorm.weight' }, { name: 'classifier.bias' }];
  const check = (name: string, head: Parameters<typeof checkModulesToSave>[2] = CLASSIFIER) =>
    checkModulesToSave(run({ lora: { modules_to_save: [name] } }), parameters, head);

  it('names a module that the model does not have, and those that it has', () =>
    assert.throws(
      () => check('LayerNrom'),
      (error: unknown) => {
        assert.ok(error instanceof TunebookError);
        assert.equal(error.code, 'run/no-module-to-save');
        assert.match(error.message, /"LayerNrom", which the model does not have/);
        assert.match(error.hint ?? '', /The model has: LayerNorm, classifier\./);
        return true;
      },
    ));

  it('takes the end of a path, a layer as a whole, and the other name of a tied weight', () => {
    for (const name of ['LayerNorm', 'output.LayerNorm', 'encoder', 'classifier']) check(name);
    check('lm_head', { ...MASKED, tied: { embedding: 'model.embed_tokens', output: 'lm_head' } });
  });
});

describe('the targets that are written beside an adapter', () => {
  const LINEAR = [...LAYERS, { name: 'bert.pooler.dense', inFeatures: 4, outFeatures: 4 }];
  const all = { target_modules: 'all-linear' as const };
  const saved = (lora: object) =>
    settingsToSave(readMethod(run({ lora }), '/base', [], CLASSIFIER, BERT).lora!, LINEAR).target_modules;

  it('are the layers that all-linear stands for, none of them in a module that is saved whole', () => {
    assert.deepEqual(
      saved(all),
      LINEAR.map(({ name }) => name),
    );
    assert.deepEqual(
      saved({ ...all, modules_to_save: ['pooler'] }),
      LAYERS.map(({ name }) => name),
    );
    assert.deepEqual(saved({ target_modules: ['query'] }), ['query']);
    assert.deepEqual(
      saved({ target_modules: '.*attention.*' }),
      LAYERS.map(({ name }) => name),
    );
  });

  it('go on with the biases that the adapter trained, and not with others', () => {
    const known = readMethod(run({ lora: {} }), '/base', [], CLASSIFIER, BERT).lora!.settings.options;
    const goOn = (bias: 'none' | 'all' | 'lora_only') =>
      continueAdapter(run({ lora: { bias } }), new Lora({ ...known, bias: 'all' }), CLASSIFIER, LINEAR);
    const trained = goOn('none');
    assert.equal(trained.lora?.config.bias, 'all');
    // SAFETY: only name and role are looked at.
    const norm = { name: 'bert.embeddings.LayerNorm.bias', role: 'bias' } as Parameter;
    assert.equal(trained.isTrained(norm), true);
    assert.equal(goOn('all').lora?.config.bias, 'all');
    assert.throws(() => goOn('lora_only'), { code: 'run/other-adapter', message: /bias: "all"/ });
  });

  it('are those of a run that goes on with all-linear, and not those of one that asks for others', () => {
    const known = { ...readMethod(run({ lora: all }), '/base', [], CLASSIFIER, BERT).lora!.settings.options };
    const adapter = new Lora({ ...known, target_modules: LINEAR.map(({ name }) => name) });
    const goOn = (lora: object) => continueAdapter(run({ lora }), adapter, CLASSIFIER, LINEAR);
    assert.deepEqual(goOn(all).lora?.config.target_modules, adapter.options.target_modules);
    assert.throws(() => goOn({ target_modules: ['query'] }), { code: 'run/other-adapter' });
  });
});
