import assert from 'node:assert/strict';
import { CORPUS, DATASET, PRETRAIN, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, type ExpectedProblem } from '../testing/expect-problem.ts';

const train = (fields: string) => stream(DATASET, `${RUN}train: { ${fields} }\n`);
const lora = (fields: string) => stream(DATASET, `${RUN}method: { lora: { ${fields} } }\n`);

function values(
  title: string,
  cases: [text: string, message: string, fix?: string][],
  code: string,
  write = train,
) {
  describe(title, () => {
    for (const [text, message, fix] of cases) {
      const expected: ExpectedProblem = { code, message, ...(fix !== undefined && { fix }) };
      it(text.replace(/[«»]/g, ''), () => expectProblem(write(text), expected));
    }
  });
}

values(
  'values of another type',
  [
    [
      'seed: «"7"»',
      '`seed` takes a whole number from 0 and up to 4294967295, not the text "7".',
      'Change to 7',
    ],
    [
      'seed: «1.5»',
      '`seed` takes a whole number from 0 and up to 4294967295, not the number 1.5.',
      'Change to 42, the default',
    ],
    ['seed: «[7]»', '`seed` takes a whole number from 0 and up to 4294967295, not a list.', 'Change to 7'],
    [
      '«seed»:',
      '`seed` has no value. It takes a whole number from 0 and up to 4294967295: write one, or remove the field.',
      'Remove seed',
    ],
    [
      'learning_rate: «"2e-5"»',
      '`learning_rate` takes a number from 0, not the text "2e-5".',
      'Change to 2.0e-5',
    ],
    [
      'learning_rate: «fast»',
      '`learning_rate` takes a number from 0, not the text "fast".',
      'Change to 5.0e-5, the default',
    ],
    ['weight_decay: «1%»', '`weight_decay` takes a number from 0, not the text "1%".', 'Change to 0.01'],
    [
      'per_device_eval_batch_size: «1_024»',
      '`per_device_eval_batch_size` takes a whole number from 1, not the text "1_024".',
      'Change to 1024',
    ],
    [
      'dataloader_drop_last: «yes»',
      '`dataloader_drop_last` takes `true` or `false`, not the text "yes".',
      'Change to true',
    ],
    [
      'dataloader_drop_last: «0»',
      '`dataloader_drop_last` takes `true` or `false`, not the number 0.',
      'Change to false',
    ],
    [
      'eval_strategy: «false»',
      '`eval_strategy` takes one of `no`, `steps`, `epoch`, not false.',
      'Change to no',
    ],
    [
      'save_total_limit: «all»',
      '`save_total_limit` takes a whole number from 1 or `null`, not the text "all".',
    ],
  ],
  'tune/wrong-type',
);

values(
  'values of another type in lora',
  [
    [
      'target_modules: «query»',
      '`target_modules` takes a list of texts, at least 1, none twice or `all-linear` or a regular expression, not the text "query".',
      'Change to [query]',
    ],
    [
      'target_modules: «all_linear»',
      '`target_modules` takes a list of texts, at least 1, none twice or `all-linear` or a regular expression, not the text "all_linear".',
      'Change to all-linear',
    ],
    [
      'modules_to_save: [classifier, «7»]',
      'An item of `modules_to_save` takes a text, not the number 7.',
      'Change to "7"',
    ],
    [
      'modules_to_save: «classifier»',
      '`modules_to_save` takes a list of texts, none twice, not the text "classifier".',
      'Change to [classifier]',
    ],
    [
      'use_rslora: «{ on: true }»',
      '`use_rslora` takes `true` or `false`, not a mapping.',
      'Change to false, the default',
    ],
  ],
  'tune/wrong-type',
  lora,
);

describe('sections that are no maps', () => {
  it('a method by its name', () =>
    expectProblem(stream(DATASET, `${RUN}method: «lora»\n`), {
      code: 'tune/wrong-type',
      message: '`method` takes a map with one of `full`, `lora`, not the text "lora".',
      fix: 'Change to { lora: {} }',
    }));

  it('a model by its folder', () =>
    expectProblem(stream(DATASET, RUN.replace('{ base: base }', '«base»')), {
      code: 'tune/wrong-type',
      message: '`model` takes a map, not the text "base".',
      fix: 'Change to { base: base }',
    }));

  it('data by a split', () =>
    expectProblem(
      stream(DATASET, RUN.replace('{ train: intents.train, eval: intents.validation }', '«intents.train»')),
      {
        code: 'tune/wrong-type',
        message: '`data` takes a map, not the text "intents.train".',
        fix: 'Change to { train: intents.train }',
      },
    ));

  it('files by one file', () =>
    expectProblem(
      DATASET.replace('{ train: train.csv, validation: validation.csv, test: test.csv }', '«train.csv»'),
      {
        code: 'tune/wrong-type',
        message: '`files` takes a map whose names are yours, not the text "train.csv".',
        fix: 'Change to { train: train.csv }',
      },
    ));

  it('a list of fields', () =>
    expectProblem(stream(DATASET, `${RUN}train:\n  «- seed: 1»\n`), {
      code: 'tune/wrong-type',
      message: '`train` takes a map, not a list.',
    }));
});

values(
  'values that are not among those of a field',
  [
    [
      'lr_scheduler_type: «cosin»',
      '`lr_scheduler_type` takes one of `linear`, `cosine`, `cosine_with_restarts`, `cosine_with_min_lr`, `cosine_warmup_with_min_lr`, `polynomial`, `inverse_sqrt`, `warmup_stable_decay`, `constant`, `constant_with_warmup`, not the text "cosin". Did you mean `cosine`?',
      'Change to cosine',
    ],
    [
      'optim: «sgd»',
      '`optim` takes one of `adamw_torch_fused`, `adamw_torch`, `adafactor`, not the text "sgd".',
      'Change to adamw_torch_fused, the default',
    ],
    [
      'save_strategy: «epochs»',
      '`save_strategy` takes one of `no`, `steps`, `epoch`, `best`, not the text "epochs". Did you mean `epoch`?',
      'Change to epoch',
    ],
  ],
  'tune/unknown-value',
);

values(
  'values out of range',
  [
    [
      'learning_rate: «-1»',
      '`learning_rate` is -1; it takes a number from 0.',
      'Change to 5.0e-5, the default',
    ],
    [
      'learning_rate: «.inf»',
      '`learning_rate` is Infinity; it takes a number from 0.',
      'Change to 5.0e-5, the default',
    ],
    [
      'learning_rate: «.nan»',
      '`learning_rate` is NaN; it takes a number from 0.',
      'Change to 5.0e-5, the default',
    ],
    [
      'adam_beta2: «1»',
      '`adam_beta2` is 1; it takes a number from 0 and below 1.',
      'Change to 0.999, the default',
    ],
    [
      'num_train_epochs: «0»',
      '`num_train_epochs` is 0; it takes a number above 0.',
      'Change to 3, the default',
    ],
    [
      'warmup_steps: «1.5»',
      '`warmup_steps` is 1.5; it takes a whole number, or a fraction below 1.',
      'Change to 0, the default',
    ],
    [
      'warmup_steps: «-0.5»',
      '`warmup_steps` is -0.5; it takes a whole number, or a fraction below 1.',
      'Change to 0, the default',
    ],
    [
      'seed: «4294967296»',
      '`seed` is 4294967296; it takes a whole number from 0 and up to 4294967295.',
      'Change to 42, the default',
    ],
    ['metric_for_best_model: «""»', '`metric_for_best_model` is empty. Write a text.'],
  ],
  'tune/out-of-range',
);

describe('a number that the trainer cannot count to', () => {
  const said = (message: string, usual?: string) => ({
    code: 'tune/out-of-range',
    message,
    ...(usual !== undefined && { fix: `Change to ${usual}, the default` }),
  });

  it('of steps, rows and epochs', async () => {
    const most = 'the trainer counts to 2147483647. Take a smaller number.';
    await expectProblem(
      train('max_steps: «1e20»'),
      said(`\`max_steps\` is 100000000000000000000; ${most}`, '-1'),
    );
    await expectProblem(
      train('per_device_train_batch_size: «1e12»'),
      said(`\`per_device_train_batch_size\` is 1000000000000; ${most}`, '8'),
    );
    await expectProblem(
      train('save_steps: «1e20»'),
      said(`\`save_steps\` is 100000000000000000000; ${most}`, '500'),
    );
    await expectProblem(lora('r: «4294967296»'), said(`\`r\` is 4294967296; ${most}`, '8'));
    assert.deepEqual(
      (await diagnose(train('max_steps: 2147483647'))).map(({ message }) => message),
      [],
    );
  });

  it('of what is computed in 32 bits', async () => {
    const most = 'the trainer computes with numbers up to 3.4e+38. Take a smaller number.';
    await expectProblem(
      train('num_train_epochs: «1e300»'),
      said(`\`num_train_epochs\` is 1e+300; ${most}`, '3'),
    );
    await expectProblem(train('max_grad_norm: «1e39»'), said(`\`max_grad_norm\` is 1e+39; ${most}`, '1'));
  });

  it('of threads and layers', async () => {
    await expectProblem(
      stream(DATASET, `${RUN}target: { local: { threads: «1e9» } }\n`),
      said('`threads` is 1000000000; it takes a whole number from 1 and up to 1024.'),
    );
    await expectProblem(
      stream(CORPUS, PRETRAIN.replace('bert }', 'bert, num_hidden_layers: «2e9» }')),
      said('`num_hidden_layers` is 2000000000; it takes a whole number from 1 and up to 1000.'),
    );
  });

  it('of steps that so many epochs are', () =>
    expectProblem(
      train('num_train_epochs: «1e12»'),
      said(
        'So many epochs are 200000000000000 steps; the trainer counts to 2147483647. Take fewer, or set `max_steps`.',
      ),
    ));
});

describe('lists', () => {
  it('that are too short', () =>
    expectProblem(`${DATASET}labels: «[copy]»\n`, {
      code: 'tune/out-of-range',
      message: '`labels` has only 1; it takes a list of texts, at least 2, none twice.',
    }));

  it('that are empty', () =>
    expectProblem(lora('target_modules: «[]»'), {
      code: 'tune/out-of-range',
      message: '`target_modules` has no item; it takes a list of texts, at least 1, none twice.',
    }));

  it('with an item twice, in brackets', () =>
    expectProblem(`${DATASET}labels: [copy, paste, undo, «copy»]\n`, {
      code: 'tune/duplicate-item',
      message: '`labels` has the text "copy" twice. Remove one of the two.',
      fix: 'Remove the second copy',
      becomes: 'labels: [copy, paste, undo]',
    }));

  it('with an item twice, one a line', () =>
    expectProblem(`${DATASET}labels:\n  - copy\n  - paste\n  - «copy»\n  - undo\n`, {
      code: 'tune/duplicate-item',
      message: '`labels` has the text "copy" twice. Remove one of the two.',
      fix: 'Remove the second copy',
      becomes: '  - copy\n  - paste\n  - undo\n',
    }));

  it('with a number among texts', () =>
    expectProblem(`${DATASET}labels: [copy, paste, undo, «404»]\n`, {
      code: 'tune/wrong-type',
      message: 'An item of `labels` takes a text, not the number 404.',
      fix: 'Change to "404"',
    }));
});
