import assert from 'node:assert/strict';
import type { TokenFacts } from '../../protocol/inspect.ts';
import { CORPUS, DATASET, EVALUATE, PRETRAIN, RUN, stream, WORLD } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const text = stream(DATASET, RUN);

describe('rows that are trained on and evaluated on', () => {
  const first = { file: '/w/validation.csv', line: 7 };

  it('are told by what they say, in a run', () =>
    expectProblem(
      text.replace('eval: intents.validation', 'eval: «intents.validation»'),
      {
        code: 'tune/shared-rows',
        severity: 'warning',
        message:
          '12 of 200 rows (6.0 %) of `intents.validation` stand in `intents.train` too (the first is validation.csv:7), so metrics will look too good. Remove them from one of the two.',
      },
      { shared: { rows: 200, shared: 12, first } },
    ));

  it('are only mentioned where they are few', () =>
    expectProblem(
      text.replace('eval: intents.validation', 'eval: «intents.validation»'),
      {
        code: 'tune/shared-rows',
        severity: 'information',
        message:
          '1 of 200 rows (0.5 %) of `intents.validation` stands in `intents.train` too (it is validation.csv:7), so metrics will look too good. Remove them from one of the two.',
      },
      { shared: { rows: 200, shared: 1, first } },
    ));

  it('are told in an evaluation of a run', async () => {
    const found = await diagnose(stream(DATASET, RUN, EVALUATE), { shared: { rows: 200, shared: 50 } });
    assert.deepEqual(
      found.map(({ code, line }) => [code, line]),
      [
        ['tune/shared-rows', 8],
        ['tune/shared-rows', 11],
      ],
    );
  });

  it('are no problem where there are none, or nobody knows', async () => {
    assert.deepEqual(await diagnose(text, { shared: { rows: 200, shared: 0 } }), []);
    assert.deepEqual(await diagnose(text), []);
  });
});

describe('splits of one data set', () => {
  it('have files of their own', () =>
    expectProblem(DATASET.replace('test: test.csv', 'test: «train.csv»'), {
      code: 'tune/duplicate-split',
      severity: 'warning',
      message:
        'The splits `train` and `test` both have `train.csv`: what is trained on one cannot be judged by the other. Give each split files of its own.',
    }));

  it('are told once, where a run takes both', async () => {
    const same = stream(DATASET.replace('validation: validation.csv', 'validation: train.csv'), RUN);
    assert.deepEqual(
      (await diagnose(same)).map(({ code }) => code),
      ['tune/shared-data'],
    );
  });
});

describe('rows as tokens', () => {
  const tokens = (change: Partial<TokenFacts>) => ({
    tokens: { rows: 1600, cut: 0, masked: 0, longest: 100, ...change },
  });
  const long = stream(DATASET, RUN.replace('intents.validation }', 'intents.validation, max_length: «64» }'));

  it('are cut off: how many, and which length would cut none', async () => {
    const found = await diagnose(long.replace(/[«»]/g, ''), tokens({ cut: 123, longest: 212 }));
    assert.deepEqual(found.map(summary), [
      'tune/cut-rows: `max_length: 64` cuts off the end of 123 of 1,600 rows (7.7 %) of `intents.train`; the longest has 212 tokens. Set it to 212 to cut none, or shorten the texts.',
    ]);
    const { line, column, endColumn, severity } = found[0] ?? {};
    assert.deepEqual([line, column, endColumn, severity], [8, 69, 71, 'warning']);
    const [fix] = found[0]?.fixes ?? [];
    assert.equal(fix?.title, 'Set max_length: 212, which cuts none');
    assert.deepEqual(
      fix.edits.map(({ line, newText }) => [line, newText]),
      [[8, '212']],
    );
  });

  it('are cut off, and the model cannot read all of them', async () => {
    const cut = tokens({ cut: 123, longest: 12_007 });
    const [first] = await diagnose(long.replace(/[«»]/g, ''), cut);
    assert.match(first?.message ?? '', /Set it to 512, all that the model can read, or shorten the texts\.$/);
    assert.deepEqual(
      first?.fixes.map(({ title }) => title),
      ['Set max_length: 512, all that the model can read'],
    );
    const [last] = await diagnose(long.replace('«64»', '512'), cut);
    assert.match(last?.message ?? '', /The model can read no more: shorten the texts\.$/);
    assert.deepEqual(last?.fixes, []);
  });

  it('are only mentioned where few are cut', async () => {
    const found = await diagnose(text, tokens({ cut: 1, longest: 130 }));
    assert.deepEqual(
      found.map(({ code, severity }) => [code, severity]),
      [['tune/cut-rows', 'information']],
    );
  });

  it('are left out where nothing of them counts', async () => {
    const found = await diagnose(text, tokens({ masked: 16, cut: 20, longest: 300 }));
    const [only] = found;
    assert.equal(found.length, 1);
    assert.equal(only?.code, 'tune/masked-rows');
    assert.equal(
      only.message,
      'Of 16 of 1,600 rows (1.0 %) of `intents.train` nothing is learnt: what should count is cut off at `max_length: 128`. Set it to 300 to cut none.',
    );
    assert.equal(only.fixes[0]?.title, 'Set max_length: 300, which cuts none');
  });

  it('are left out where all of them is masked, whatever the length', async () => {
    const found = await diagnose(text, tokens({ fullyMasked: 16, cut: 0 }));
    assert.deepEqual(found.map(summary), [
      'tune/masked-rows: Of 16 of 1,600 rows (1.0 %) of `intents.train` nothing is learnt: no token of them counts for the loss. Look for answers that are empty or of another role.',
    ]);
    assert.deepEqual(found[0]?.fixes, []);
  });

  it('cannot be trained on for the reason that the trainer gives', async () => {
    const problem = {
      code: 'data/no-chat-template',
      file: '/w/base',
      message: 'There is no template.',
      hint: 'Name one.',
    };
    const found = await diagnose(text, tokens({ problem }));
    assert.deepEqual(found.map(summary), ['data/no-chat-template: There is no template. Name one.']);
    assert.equal(found[0]?.line, 8);
  });

  it('are not asked for where the run has an error', async () => {
    const wrong = `${text}train: { seed: -1 }\n`;
    const found = await diagnose(wrong, tokens({ cut: 123, longest: 212 }));
    assert.deepEqual(
      found.map(({ code }) => code),
      ['tune/out-of-range'],
    );
  });
});

describe('a learning rate', () => {
  const run = (rest: string) => stream(DATASET, `${RUN}${rest}`);

  it('is far too high for full fine-tuning', () =>
    expectProblem(run('train: { learning_rate: «0.01» }\n'), {
      code: 'tune/unusual-learning-rate',
      severity: 'warning',
      message:
        '`learning_rate` is 0.01, far from what is usual for full fine-tuning of 1,000,000 parameters (1.0e-6 to 5.0e-4): the loss will probably not go down. Take one in that range.',
      fix: 'Change to 5.0e-4',
    }));

  const sized = (parameters: number) => ({ models: { ...WORLD.models, '/w/base': { parameters } } });
  const rates = async (source: string, parameters = 0) =>
    (await diagnose(source, sized(parameters)))
      .filter(({ code }) => code === 'tune/unusual-learning-rate')
      .map(({ message }) => message.replace(/^.*usual for /, '').replace(/: .*$/, ''));

  it('may be the higher the smaller the model, as far as its size is known', async () => {
    const at = (rate: string) => run(`train: { learning_rate: ${rate} }\n`);
    for (const [rate, parameters, told] of [
      ['2.0e-3', 0, ['full fine-tuning (1.0e-6 to 1.0e-4)']],
      ['2.0e-3', 260_000, []],
      ['2.0e-2', 263_812, ['full fine-tuning of 260,000 parameters (1.0e-6 to 7.0e-4)']],
      ['2.0e-3', 125e6, ['full fine-tuning of 130,000,000 parameters (1.0e-6 to 1.0e-4)']],
      ['5.0e-4', 125e6, []],
      ['5.0e-4', 7e9, ['full fine-tuning of 7,000,000,000 parameters (1.0e-6 to 3.0e-5)']],
      ['2.0e-5', 70e9, []],
      ['1.0e-6', 70e9, []],
    ] as const)
      assert.deepEqual(await rates(at(rate), parameters), told, `${rate} with ${parameters}`);
  });

  it('may be far higher from scratch, by the size that the architecture gives', async () => {
    const scratch = (rate: string, architecture: string) =>
      stream(
        CORPUS,
        `${PRETRAIN.replace('{ model_type: bert }', architecture)}train: { learning_rate: ${rate} }\n`,
      );
    const tiny =
      '{ model_type: bert, hidden_size: 64, num_hidden_layers: 4, intermediate_size: 256, num_attention_heads: 4 }';
    assert.deepEqual(await rates(scratch('0.02', tiny)), []);
    assert.deepEqual(await rates(scratch('0.2', tiny)), [
      'training from scratch of 200,000 parameters (1.0e-5 to 0.008)',
    ]);
    assert.deepEqual(await rates(scratch('0.002', '{ model_type: bert }')), []);
    assert.deepEqual(await rates(scratch('0.02', '{ model_type: bert }')), [
      'training from scratch of 85,000,000 parameters (1.0e-5 to 0.001)',
    ]);
  });

  it('is far too low for LoRA', () =>
    expectProblem(
      run('method: { lora: { target_modules: [query] } }\ntrain: { learning_rate: «1.0e-7» }\n'),
      {
        code: 'tune/unusual-learning-rate',
        severity: 'warning',
        message:
          '`learning_rate` is 1.0e-7, far from what is usual for LoRA of 1,000,000 parameters (1.0e-5 to 0.005): hardly anything will be learnt. Take one in that range.',
        fix: 'Change to 1.0e-5',
      },
    ));

  it('is usual within a factor of ten, and higher for LoRA', async () => {
    for (const rest of [
      'train: { learning_rate: 1.0e-3 }\n',
      'train: { learning_rate: 1.0e-7 }\n',
      'train: { learning_rate: 0 }\n',
      'method: { lora: { target_modules: [query] } }\ntrain: { learning_rate: 0.005 }\n',
    ])
      assert.deepEqual((await diagnose(run(rest))).map(summary), [], rest);
  });
});

describe('memory', () => {
  const model = { parameters: 1_500_000_000, memory: 16 * 2 ** 30 };
  const world = { models: { ...WORLD.models, '/w/base': model } };

  it('holds the weights, gradients and moments of full fine-tuning', () =>
    expectProblem(
      text.replace('base: base', 'base: «base»'),
      {
        code: 'tune/memory',
        severity: 'warning',
        message:
          '`base` has 1.5 billion parameters: its weights, gradients and moments need 22.4 GiB, and this machine has 16.0 GiB. Train an adapter instead, `method: { lora: { r: 8 } }`, or take a smaller model.',
      },
      world,
    ));

  it('holds the weights of the start too, which DPO compares with', async () => {
    const needed = async (method: string) => {
      const pairs = `${text}method: { ${method} }\n`.replace('text-classification', 'text-generation');
      const found = (await diagnose(pairs, world)).find(({ code }) => code === 'tune/memory');
      return /[a-z, A-Z]+ need [\d.]+ GiB/.exec(found?.message ?? '')?.[0].trim();
    };
    const start = 'and the weights of the start that DPO compares it with,';
    assert.equal(await needed('dpo: {}'), `its weights, gradients and moments, ${start} need 27.9 GiB`);
    assert.equal(await needed('orpo: {}'), 'its weights, gradients and moments need 22.4 GiB');
    assert.equal(await needed('lora: { r: 8 }, dpo: {}'), undefined);
  });

  it('is enough for Adafactor, which keeps no moments to speak of', async () => {
    assert.equal((await diagnose(text, world)).length, 1);
    assert.deepEqual((await diagnose(`${text}train: { optim: adafactor }\n`, world)).map(summary), []);
  });

  it('is enough for an adapter, and not known of another machine', async () => {
    const lora = `${text}method: { lora: { target_modules: [query] } }\n`;
    assert.deepEqual((await diagnose(lora, world)).map(summary), []);
    const unknown = { models: { ...WORLD.models, '/w/base': { parameters: 1_500_000_000 } } };
    assert.deepEqual((await diagnose(text, unknown)).map(summary), []);
  });

  it('holds eight times as much of frozen weights in 4 bits', async () => {
    const larger = { models: { ...WORLD.models, '/w/base': { ...model, parameters: 6e9 } } };
    const qlora = (bits: string) =>
      `${text}method: { lora: { target_modules: [query] }, quantization: { ${bits} } }\n`;
    const codes = async (rest: string) => (await diagnose(rest, larger)).map(({ code }) => code);
    assert.deepEqual(await codes(qlora('load_in_4bit: false')), ['tune/memory']);
    assert.deepEqual(await codes(qlora('load_in_4bit: true')), []);
  });
});
