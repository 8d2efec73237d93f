import assert from 'node:assert/strict';
import type { ScratchFamily } from '../schema/architecture-defaults.ts';
import { CORPUS, DATASET, EVALUATE, PRETRAIN, RUN, stream, WORLD } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const onBase = (base: string) => stream(DATASET, RUN.replace('base: base', `base: ${base}`));
const lora = (fields: string) => stream(DATASET, `${RUN}method: { lora: { ${fields} } }\n`);
const scratch = (fields: string) => stream(CORPUS, PRETRAIN.replace('bert }', `bert, ${fields} }`));

describe('model folders', () => {
  it('that are named by `~`', () =>
    expectProblem(onBase('«~/base»'), {
      code: 'tune/missing-model',
      message:
        'There is no model folder `~/base`. `~` is not the home folder here; write `${env.HOME}/base`.',
      fix: 'Change to ${env.HOME}/base',
    }));

  it('that are not there', () =>
    expectProblem(onBase('«../models/bas»'), {
      code: 'tune/missing-model',
      message: 'There is no model folder `../models/bas`. Correct the path; it is relative to this file.',
    }));

  it('for which the name of a model on the Hub was written', () =>
    expectProblem(onBase('«google/bert_uncased_L-2»'), {
      code: 'tune/missing-model',
      message:
        'There is no model folder `google/bert_uncased_L-2`. Correct the path; it is relative to this file. A model of the Hugging Face Hub is written `hf:google/bert_uncased_L-2`.',
      fix: 'Change to hf:google/bert_uncased_L-2',
    }));

  it('in a folder that is there: a path for certain', () =>
    expectProblem(
      onBase('«models/other»'),
      {
        code: 'tune/missing-model',
        message: 'There is no model folder `models/other`. Correct the path; it is relative to this file.',
      },
      { files: { '/w/models/first/config.json': '{}' } },
    ));

  it('that are files', () =>
    expectProblem(onBase('«base/config.json»'), {
      code: 'tune/missing-model',
      message: '`base/config.json` is a file; a model is a folder. Name the folder that holds it.',
    }));

  it('that hold something else', () =>
    expectProblem(
      onBase('«data»'),
      {
        code: 'tune/missing-model',
        message:
          '`data` is no model folder: it holds no `config.json`. Name the folder that `save_pretrained` wrote.',
      },
      { files: { '/w/data/notes.txt': 'none' } },
    ));

  it('that hold the model one level below, or several', async () => {
    await expectProblem(
      onBase('«data/»'),
      {
        code: 'tune/missing-model',
        message: '`data/` is no model folder: it holds no `config.json`. Did you mean `data/hf`?',
        fix: 'Change to data/hf',
        becomes: 'base: data/hf }',
      },
      { files: { '/w/data/hf/config.json': '{}', '/w/data/hf/tokenizer.json': '{}' } },
    );
    await expectProblem(
      onBase('«data»'),
      {
        code: 'tune/missing-model',
        message:
          '`data` is no model folder: it holds no `config.json`. Name a folder in it: `checkpoint-1` and `checkpoint-2`.',
      },
      { files: { '/w/data/checkpoint-1/config.json': '{}', '/w/data/checkpoint-2/config.json': '{}' } },
    );
  });

  it('without a tokenizer', () =>
    expectProblem(
      onBase('«bare»'),
      {
        code: 'tune/missing-model',
        message:
          '`bare` holds no tokenizer (no `tokenizer.json`, no `vocab.txt`). Copy it from where the model came from, or name its folder in `tokenizer:`.',
      },
      { files: { '/w/bare/config.json': '{}' } },
    ));

  it('without a tokenizer, which another folder has', async () => {
    const text = stream(DATASET, RUN.replace('base: base', 'base: bare, tokenizer: base'));
    assert.deepEqual((await diagnose(text, { files: { '/w/bare/config.json': '{}' } })).map(summary), []);
  });

  it('of a tokenizer that are not there', () =>
    expectProblem(stream(CORPUS, PRETRAIN.replace('tokenizer: base', 'tokenizer: «tok»')), {
      code: 'tune/missing-model',
      message: 'There is no tokenizer folder `tok`. Correct the path; it is relative to this file.',
    }));

  it('of a tokenizer that is that of a run', () =>
    expectProblem(stream(CORPUS, PRETRAIN.replace('tokenizer: base', 'tokenizer: «run:full»')), {
      code: 'tune/unsupported-source',
      message:
        '`run:full` is no folder, and `tokenizer` takes one that holds `tokenizer.json`, or a name of the Hub (`hf:owner/name`).',
    }));

  it('that the trainer cannot read are shown where the config names them', async () => {
    const problems = [
      {
        code: 'model/no-config',
        file: '/w/base',
        message: '/w/base has no config.json.',
        hint: 'Name a model folder.',
      },
    ];
    const [only, second] = await diagnose(onBase('base'), { models: { '/w/base': { problems } } });
    assert.equal(second, undefined);
    assert.equal(only && summary(only), 'model/no-config: /w/base has no config.json. Name a model folder.');
    assert.equal(`${only?.file}:${only?.line}:${only?.column}`, '/w/a.tune.yaml:7:16');
  });

  it('of a candidate that are not there', () =>
    expectProblem(stream(DATASET, RUN, EVALUATE.replace('{ model: base }', '{ model: «bsae» }')), {
      code: 'tune/missing-model',
      message: 'There is no model folder `bsae`. Did you mean `base`?',
      fix: 'Change to base',
    }));

  it('on the Hub are not looked for', async () => {
    assert.deepEqual((await diagnose(onBase('hf:bert-base-cased'))).map(summary), []);
    const pretrain = PRETRAIN.replace('tokenizer: base', 'tokenizer: hf:bert-base-cased');
    assert.deepEqual((await diagnose(stream(CORPUS, pretrain))).map(summary), []);
  });

  it('whose name is none of the Hub', () =>
    expectProblem(stream(DATASET, RUN.replace('base: base', 'base: «hf:a/b/c»')), {
      code: 'tune/hub-name',
      message:
        '`hf:a/b/c` is no name of the Hugging Face Hub. Write `hf:owner/name`, with `@revision` behind it for another branch, tag or commit than main.',
    }));

  it('in the Hugging Face cache are known, as far as they have come', async () => {
    const folder = '/cache/models--o--n/snapshots/c1';
    const problems = [
      { code: 'model/unknown-architecture', file: `${folder}/config.json`, message: 'What is mamba?' },
      { code: 'model/no-weights', file: folder, message: 'No weights.' },
    ];
    const cache = {
      hubCache: '/cache',
      files: { '/cache/models--o--n/refs/main': 'c1', [`${folder}/config.json`]: '{}' },
      models: { [folder]: { max_position_embeddings: 64, problems } },
    };
    assert.deepEqual(
      (await diagnose(onBase('hf:o/n'), cache)).map(({ code }) => code),
      ['model/unknown-architecture', 'tune/max-length'],
    );
  });
});

describe('chat templates', () => {
  const CHATS = 'dataset: chats\nfiles: { train: chats.jsonl }\nformat: chat\n';
  const TUNE = 'run: tune\nmodel: { base: «base», task: text-generation }\ndata: { train: chats.train }\n';
  const world = (chat_template: boolean) => ({
    data: { '/w/chats.jsonl': { rows: 100, columns: ['messages'] } },
    models: { '/w/base': { chat_template } },
  });

  it('that are not there', async () => {
    const text = stream(CHATS, TUNE).replace(/[«»]/g, '');
    const [only, ...more] = await diagnose(text, world(false));
    assert.deepEqual(more.map(summary), []);
    assert.ok(only);
    assert.equal(
      summary(only),
      'data/no-chat-template: `base` has no chat template, so the conversations of `format: chat` cannot be made texts. Take the instruction-tuned sibling of the model, or name a template file in `data: chat_template_path`.',
    );
    assert.deepEqual([only.line, only.column], [6, 16]);
  });

  it('that are there, or come from elsewhere, or are not needed', async () => {
    const text = stream(CHATS, TUNE).replace(/[«»]/g, '');
    assert.deepEqual((await diagnose(text, world(true))).map(summary), []);
    const own = text.replace('chats.train }', 'chats.train, chat_template_path: base/config.json }');
    assert.deepEqual((await diagnose(own, world(false))).map(summary), []);
    const alpaca = text.replace('format: chat', 'format: alpaca');
    const columns = { data: { '/w/chats.jsonl': { rows: 9, columns: ['instruction', 'output'] } } };
    assert.deepEqual((await diagnose(alpaca, { ...world(false), ...columns })).map(summary), []);
  });
});

describe('max_length', () => {
  it('is longer than the model can read', () =>
    expectProblem(stream(DATASET, RUN.replace('data: {', 'data: { max_length: «1024»,')), {
      code: 'tune/max-length',
      message: '`max_length` is 1024, but `base` can read only 512 tokens. Take at most 512.',
      fix: 'Set max_length: 512',
    }));

  it('is longer by its default', () =>
    expectProblem(
      stream(DATASET, RUN.replace('intents.train', '«intents.train»')),
      {
        code: 'tune/max-length',
        message: '`max_length` is 128, but `base` can read only 64 tokens. Take at most 64.',
        fix: 'Set max_length: 64',
        becomes: 'max_length: 64 }',
      },
      { models: { '/w/base': { max_position_embeddings: 64 } } },
    ));

  it('is longer than the architecture', () =>
    expectProblem(
      scratch('max_position_embeddings: 64').replace('corpus.train }', 'corpus.train, max_length: «65» }'),
      {
        code: 'tune/max-length',
        message: '`max_length` is 65, but the architecture can read only 64 tokens. Take at most 64.',
        fix: 'Set max_length: 64',
      },
    ));

  it('is not compared with a model that is not known', async () => {
    const text = stream(DATASET, RUN.replace('data: {', 'data: { max_length: 4096,'));
    const files = { '/w/base/config.json': '{}', '/w/base/tokenizer.json': '{}' };
    assert.deepEqual((await diagnose(text, { models: {}, files })).map(summary), []);
  });
});

describe('target_modules', () => {
  it('that the model lacks', () =>
    expectProblem(lora('target_modules: [query, «valeu»]'), {
      code: 'tune/unknown-module',
      message: 'The model has no module `valeu`. Did you mean `value`?',
      fix: 'Change to value',
    }));

  it('of another family', () =>
    expectProblem(lora('target_modules: [query, «c_attn»]'), {
      code: 'tune/unknown-module',
      message: 'The model has no module `c_attn`. It has `query`, `key`, `value`, `dense` and `classifier`.',
    }));

  it('may be the end of a path, or all-linear', async () => {
    for (const modules of ['[attention.self.query, output.dense]', 'all-linear']) {
      assert.deepEqual((await diagnose(lora(`target_modules: ${modules}`))).map(summary), []);
    }
  });
});

describe('the architecture of a model from scratch', () => {
  const of = (family: ScratchFamily, fields: string) => {
    const text = scratch(fields).replace('model_type: bert', `model_type: ${family}`);
    return /bert/.test(family) ? text : text.replace('fill-mask', 'text-generation');
  };

  it('divides its width by its heads', () =>
    expectProblem(scratch('hidden_size: «100», num_attention_heads: 12'), {
      code: 'tune/inconsistent-settings',
      message: '`hidden_size` is 100; it must be a multiple of 4 and of `num_attention_heads`, which is 12.',
      fix: 'Set hidden_size: 96',
    }));

  it('divides its width by four as well', () =>
    expectProblem(scratch('hidden_size: «30», num_attention_heads: 3'), {
      code: 'tune/inconsistent-settings',
      message: '`hidden_size` is 30; it must be a multiple of 4 and of `num_attention_heads`, which is 3.',
      fix: 'Set hidden_size: 36',
    }));

  it('has heads that divide the default width', () =>
    expectProblem(scratch('num_attention_heads: «7»'), {
      code: 'tune/inconsistent-settings',
      message: '`hidden_size` is 768; it must be a multiple of 4 and of `num_attention_heads`, which is 7.',
      fix: 'Set hidden_size: 756',
    }));

  it('has only fields of its own family', () =>
    expectProblem(scratch('«n_embd»: 96'), {
      code: 'tune/unknown-field',
      message: '`n_embd` is a field of `gpt2`, not of `bert`. Remove it.',
      fix: 'Remove n_embd',
    }));

  it('has widths by the names of its family', () =>
    expectProblem(
      scratch('n_embd: «100», n_head: 12').replace('bert', 'gpt2').replace('fill-mask', 'text-generation'),
      {
        code: 'tune/inconsistent-settings',
        message: '`n_embd` is 100; it must be a multiple of 4 and of `n_head`, which is 12.',
        fix: 'Set n_embd: 96',
      },
    ));

  it('shares keys and values among groups of one size', () =>
    expectProblem(
      scratch('num_attention_heads: 8, num_key_value_heads: «3»')
        .replace('bert', 'llama')
        .replace('fill-mask', 'text-generation'),
      {
        code: 'tune/inconsistent-settings',
        message:
          '`num_attention_heads` is 8, which is no multiple of `num_key_value_heads`: 3. Take a divisor of 8.',
        fix: 'Set num_key_value_heads: 8',
      },
    ));

  it('shares them in as many groups as its family does by default', () =>
    expectProblem(of('qwen2', 'hidden_size: 64, num_attention_heads: «4»'), {
      code: 'tune/inconsistent-settings',
      message:
        '`num_attention_heads` is 4, which is no multiple of `num_key_value_heads`: 32. Take a divisor of 4.',
      fix: 'Set num_key_value_heads: 4',
    }));

  it('turns the values of a head in pairs, where its positions are rotary', async () => {
    const llama = (sizes: string) => of('llama', `${sizes}, num_attention_heads: 4, num_key_value_heads: 2`);
    await expectProblem(llama('hidden_size: «12»'), {
      code: 'tune/inconsistent-settings',
      message:
        '`hidden_size` is 12; it must be a multiple of 4 and of twice `num_attention_heads`, which are 4.',
      fix: 'Set hidden_size: 16',
    });
    await expectProblem(llama('hidden_size: 64, head_dim: «9»'), {
      code: 'tune/inconsistent-settings',
      message: '`head_dim` is 9; it must be an even number.',
      fix: 'Set head_dim: 10',
    });
  });

  it('need not divide its width by its heads where heads have a width of their own', async () => {
    for (const text of [
      of('qwen3', 'hidden_size: 20, num_attention_heads: 3, num_key_value_heads: 3'),
      of('mistral', 'hidden_size: 20, num_attention_heads: 3, num_key_value_heads: 3, head_dim: 8'),
    ])
      assert.deepEqual((await diagnose(text)).map(summary), []);
    await expectProblem(of('qwen3', 'hidden_size: «18», num_attention_heads: 3, num_key_value_heads: 3'), {
      code: 'tune/inconsistent-settings',
      message: '`hidden_size` is 18; it must be a multiple of 4.',
      fix: 'Set hidden_size: 20',
    });
  });

  it('has the activation of its family, where that has one alone', async () => {
    await expectProblem(of('gemma', 'hidden_act: «silu»'), {
      code: 'tune/inconsistent-settings',
      message: '`hidden_act` of `gemma` is `gelu_pytorch_tanh`, not `silu`. Take that.',
      fix: 'Change to gelu_pytorch_tanh',
    });
    await expectProblem(of('qwen3', 'hidden_act: «gelu»'), {
      code: 'tune/inconsistent-settings',
      message: '`hidden_act` of `qwen3` is `silu`, not `gelu`. Take that.',
      fix: 'Change to silu',
    });
    const encoder = of('roberta', 'hidden_size: 64, num_attention_heads: 4, hidden_act: silu');
    assert.deepEqual((await diagnose(encoder)).map(summary), []);
  });

  it('of a Gemma has a width that its heads divide, a window, and a kind for each layer', async () => {
    await expectProblem(of('gemma2', 'hidden_size: «20», num_attention_heads: 3, num_key_value_heads: 3'), {
      code: 'tune/inconsistent-settings',
      message: '`hidden_size` is 20; it must be a multiple of 4 and of `num_attention_heads`, which is 3.',
      fix: 'Set hidden_size: 24',
    });
    await expectProblem(of('gemma3_text', 'sliding_window: «null»'), {
      code: 'tune/inconsistent-settings',
      message:
        '`gemma3_text` needs a `sliding_window`. Name the layers without one as `full_attention` in `layer_types`.',
      fix: 'Remove sliding_window',
    });
    await expectProblem(of('gemma3_text', 'num_hidden_layers: 2, layer_types: «[full_attention]»'), {
      code: 'tune/inconsistent-settings',
      message: '`layer_types` has 1 entry, and `num_hidden_layers` is 2. Name the kind of each layer.',
      fix: 'Set num_hidden_layers: 1',
    });
    await expectProblem(of('gemma2', 'layer_types: «[full_attention]»'), {
      code: 'tune/inconsistent-settings',
      message: '`layer_types` has 1 entry, and `num_hidden_layers` is 26. Name the kind of each layer.',
      fix: 'Set num_hidden_layers: 1',
    });
  });

  it('is of any family that the trainer knows, with the fields of that family', async () => {
    for (const [family, fields] of [
      ['distilbert', 'dim: 64, n_layers: 2, n_heads: 4, hidden_dim: 96, activation: relu, dropout: 0'],
      ['roberta', 'hidden_size: 64, num_attention_heads: 4, type_vocab_size: 1'],
      ['xlm-roberta', 'hidden_size: 64, num_attention_heads: 4, layer_norm_eps: 1.0e-5'],
      ['mistral', 'sliding_window: null, head_dim: 32'],
      ['qwen2', 'use_sliding_window: true, sliding_window: 16, max_window_layers: 0'],
      ['qwen3', 'attention_bias: true, tie_word_embeddings: true'],
      ['gemma', 'hidden_size: 20, num_attention_heads: 3, num_key_value_heads: 3, hidden_act: gelu'],
      ['gemma2', 'attn_logit_softcapping: null, final_logit_softcapping: 20, query_pre_attn_scalar: 144'],
      ['gemma3_text', 'num_hidden_layers: 2, layer_types: [sliding_attention, full_attention]'],
    ] as const)
      assert.deepEqual((await diagnose(of(family, fields))).map(summary), [], family);
    await expectProblem(of('distilbert', '«hidden_size»: 64'), {
      code: 'tune/unknown-field',
      message:
        '`hidden_size` is a field of `bert`, `roberta`, `xlm-roberta`, `llama`, `mistral`, `qwen2` and 4 more, not of `distilbert`. Remove it.',
      fix: 'Remove hidden_size',
    });
    await expectProblem(of('distilbert', 'dim: «50», n_heads: 4'), {
      code: 'tune/inconsistent-settings',
      message: '`dim` is 50; it must be a multiple of 4 and of `n_heads`, which is 4.',
      fix: 'Set dim: 52',
    });
  });

  it('reads no more than its positions, of which RoBERTa leaves one at least unused', async () => {
    const long = (family: Parameters<typeof of>[0], length: string) =>
      of(family, 'max_position_embeddings: 64').replace(
        'corpus.train }',
        `corpus.train, max_length: ${length} }`,
      );
    assert.deepEqual((await diagnose(long('distilbert', '64'))).map(summary), []);
    assert.deepEqual((await diagnose(long('roberta', '63'))).map(summary), []);
    await expectProblem(long('roberta', '«64»'), {
      code: 'tune/max-length',
      message: '`max_length` is 64, but the architecture can read only 63 tokens. Take at most 63.',
      fix: 'Set max_length: 63',
    });
  });
});

describe('rows that are trained on and evaluated on', () => {
  it('within a run', () =>
    expectProblem(stream(DATASET, RUN.replace('eval: intents.validation', 'eval: «intents.train»')), {
      code: 'tune/shared-data',
      severity: 'warning',
      message:
        'The run is evaluated on rows of `intents.train` that it is also trained on, so its metrics will look too good. Evaluate on another split.',
    }));

  it('within a run, under another name', () =>
    expectProblem(
      stream(
        DATASET.replace('validation.csv', './train.csv'),
        RUN.replace('eval: intents.validation', 'eval: «intents.validation»'),
      ),
      {
        code: 'tune/shared-data',
        severity: 'warning',
        message:
          'The run is evaluated on rows of `intents.validation` that it is also trained on, so its metrics will look too good. Evaluate on another split.',
      },
    ));

  it('between an evaluation and its candidates', () =>
    expectProblem(stream(DATASET, RUN, EVALUATE.replace('intents.test', '«intents.train»')), {
      code: 'tune/shared-data',
      severity: 'warning',
      message:
        'The run `full` was trained on rows of `intents.train`, so its metrics will look too good. Evaluate on a split that no candidate has seen.',
    }));

  it('are none on splits of their own', async () => {
    assert.deepEqual((await diagnose(stream(DATASET, RUN, EVALUATE), WORLD)).map(summary), []);
  });
});
