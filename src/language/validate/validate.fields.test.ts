import assert from 'node:assert/strict';
import { DATASET, PRETRAIN, CORPUS, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';
import { FORMER_TRAINING_ARGUMENTS } from './huggingface-renamed.ts';
import { UNSUPPORTED_LORA_CONFIG, UNSUPPORTED_TRAINING_ARGUMENTS } from './huggingface-unsupported.ts';

const run = (extra: string) => stream(DATASET, `${RUN}${extra}`);

describe('unknown fields', () => {
  it('of a section: the nearest name is meant', () =>
    expectProblem(run('train: { «learnin_rate»: 1.0e-4 }\n'), {
      code: 'tune/unknown-field',
      message: '`learnin_rate` is not a field of `train`. Did you mean `learning_rate`?',
      fix: 'Change to learning_rate',
    }));

  it('of a document', () =>
    expectProblem(run('«metod»: { full: {} }\n'), {
      code: 'tune/unknown-field',
      message: '`metod` is not a field of a `run:` document. Did you mean `method`?',
      fix: 'Change to method',
    }));

  it('that nothing is near to: what could stand there', () =>
    expectProblem(stream(DATASET.replace('label: intent }', 'label: intent, «speaker»: who }')), {
      code: 'tune/unknown-field',
      message:
        '`speaker` is not a field of `columns`. Remove it, or take one of `text`, `text_pair`, `prompt`, `completion`, `chosen`, `rejected`, `messages`, `instruction` or 9 others.',
      fix: 'Remove speaker',
    }));

  it('of a section that takes none', () =>
    expectProblem(run('method: { full: { «rank»: 8 } }\n'), {
      code: 'tune/unknown-field',
      message: '`rank` is not a field of `full`. It takes no other field: remove this one.',
      fix: 'Remove rank',
    }));

  it('that belong into a section which is there', () =>
    expectProblem(run('«learning_rate»: 1.0e-4\ntrain:\n  seed: 1\n'), {
      code: 'tune/unknown-field',
      message: '`learning_rate` is not a field of a `run:` document. It belongs under `train`.',
      fix: 'Move to train',
      becomes: 'train:\n  seed: 1\n  learning_rate: 1.0e-4\n',
    }));

  it('that belong into a section which is not there', () =>
    expectProblem(
      run('«max_length»: 64\n').replace(
        'data: { train: intents.train, eval: intents.validation }',
        'data: { train: intents.train }',
      ),
      {
        code: 'tune/unknown-field',
        message: '`max_length` is not a field of a `run:` document. It belongs under `data`.',
        fix: 'Move to data',
        becomes: 'data: { train: intents.train, max_length: 64 }',
      },
    ));

  it('that belong two levels down', () =>
    expectProblem(run('«device»: cpu\n'), {
      code: 'tune/unknown-field',
      message: '`device` is not a field of a `run:` document. It belongs under `target.local`.',
      fix: 'Move to target.local',
      becomes: 'target: { local: { device: cpu } }',
    }));

  it('that swallow a bracket', () =>
    expectProblem(stream(DATASET, RUN.replace('model: { base', '«model { base»')), {
      code: 'tune/unknown-field',
      message: 'A colon is missing after `model`.',
      fix: 'Add the colon',
      becomes: 'model: { base: base }',
    }));

  it('are not taken for left out as well', async () => {
    const found = await diagnose(stream(DATASET.replace('format', 'fomat'), RUN.replace('train:', 'trian:')));
    assert.deepEqual(found.map(summary), [
      'tune/unknown-field: `fomat` is not a field of a `dataset:` document. Did you mean `format`?',
      'tune/unknown-field: `trian` is not a field of `data`. Did you mean `train`?',
    ]);
  });
});

describe('fields of an older transformers', () => {
  const older = (name: string, now: string) => `\`${name}\` is a field of an older transformers. ${now}`;

  it('that have another name', () =>
    expectProblem(run('train: { «evaluation_strategy»: epoch }\n'), {
      code: 'tune/deprecated-field',
      message: older('evaluation_strategy', 'It is called `eval_strategy` now.'),
      fix: 'Change to eval_strategy',
    }));

  it('warmup_ratio', () =>
    expectProblem(run('train: { «warmup_ratio»: 0.1 }\n'), {
      code: 'tune/deprecated-field',
      message: older('warmup_ratio', '`warmup_steps` takes a fraction of the run now.'),
      fix: 'Change to warmup_steps: 0.1',
    }));

  it('warmup_ratio that would become one step', () =>
    expectProblem(run('train:\n  «warmup_ratio»: 1\n  seed: 1\n'), {
      code: 'tune/deprecated-field',
      message: older('warmup_ratio', '`warmup_steps` takes a fraction of the run now.'),
      fix: 'Remove warmup_ratio',
    }));

  it('group_by_length', () =>
    expectProblem(run('train: { «group_by_length»: true }\n'), {
      code: 'tune/deprecated-field',
      message: older('group_by_length', 'It is `train_sampling_strategy: group_by_length` now.'),
      fix: 'Change to train_sampling_strategy: group_by_length',
    }));

  it('beside their new name', () =>
    expectProblem(run('train: { warmup_steps: 5, «warmup_ratio»: 0.1 }\n'), {
      code: 'tune/deprecated-field',
      message: older('warmup_ratio', '`warmup_steps` takes a fraction of the run now.'),
      fix: 'Remove warmup_ratio',
      becomes: 'train: { warmup_steps: 5 }',
    }));

  for (const name of Object.keys(FORMER_TRAINING_ARGUMENTS)) {
    it(`${name}: a fix leaves nothing wrong`, async () => {
      const marked = run(`train:\n  seed: 1\n  «${name}»: true\n`);
      const message = older(name, FORMER_TRAINING_ARGUMENTS[name]?.now ?? '');
      const [only] = await diagnose(marked.replace(/[«»]/g, ''));
      assert.equal(only?.message, message);
      const fix = only.fixes[0]?.title ?? '';
      if (/^Remove/.test(fix)) await expectProblem(marked, { code: 'tune/deprecated-field', message, fix });
      else assert.match(fix, /^Change to \w+/);
    });
  }
});

describe('fields of Hugging Face that the trainer does not have', () => {
  const theirs = (name: string, origin: string, reason: string) =>
    `\`${name}\` is a field of ${origin} that the bundled trainer does not have. ${reason}`;

  it('at the top of a run', () =>
    expectProblem(run('«tf32»: true\n'), {
      code: 'tune/unsupported-field',
      message: theirs(
        'tf32',
        'transformers',
        'Matrices are multiplied in float32, or in float16 with `fp16`, in training and in evaluation alike.',
      ),
      fix: 'Remove tf32',
    }));

  it('of an architecture', () =>
    expectProblem(stream(CORPUS, PRETRAIN.replace('bert }', 'bert, «pad_token_id»: 0 }')), {
      code: 'tune/unsupported-field',
      message: theirs('pad_token_id', 'transformers', 'Token ids follow from the tokenizer.'),
      fix: 'Remove pad_token_id',
    }));

  for (const [name, reason] of Object.entries(UNSUPPORTED_TRAINING_ARGUMENTS)) {
    it(`train.${name}`, () =>
      expectProblem(run(`train: { seed: 1, «${name}»: 1 }\n`), {
        code: 'tune/unsupported-field',
        message: theirs(name, 'transformers', reason),
        fix: `Remove ${name}`,
        becomes: 'train: { seed: 1 }',
      }));
  }

  for (const [name, reason] of Object.entries(UNSUPPORTED_LORA_CONFIG)) {
    it(`lora.${name}`, () =>
      expectProblem(run(`method:\n  lora:\n    «${name}»: 1\n    r: 4\n`), {
        code: 'tune/unsupported-field',
        message: theirs(name, 'PEFT', reason),
        fix: `Remove ${name}`,
      }));
  }
});

describe('fields that stand twice', () => {
  it('in a section', () =>
    expectProblem(run('train:\n  seed: 1\n  «seed»: 2\n'), {
      code: 'tune/duplicate-field',
      message: '`seed` stands in line 10 already. Remove one of the two.',
      fix: 'Remove the seed in line 10',
      becomes: 'train:\n  seed: 2\n',
    }));

  it('in braces', () =>
    expectProblem(run('train: { seed: 1, «seed»: 2 }\n'), {
      code: 'tune/duplicate-field',
      message: '`seed` stands in line 9 already. Remove one of the two.',
      fix: 'Remove this seed',
      becomes: 'train: { seed: 1 }',
    }));

  it('in a document', () =>
    expectProblem(run('train: { seed: 1 }\n«train»: { seed: 2 }\n'), {
      code: 'tune/duplicate-field',
      message: '`train` stands in line 9 already. Remove one of the two.',
      fix: 'Remove this train',
    }));
});

describe('fields of which one may stand', () => {
  it('two methods', () =>
    expectProblem(run('method: { full: {}, «lora»: { r: 4 } }\n'), {
      code: 'tune/exclusive-fields',
      message: '`method` takes one of `full` and `lora`, not both. Remove one.',
      fix: 'Remove full',
      becomes: 'method: { lora: { r: 4 } }',
    }));

  it('two models of a candidate', () =>
    expectProblem(
      stream(
        DATASET,
        RUN,
        'evaluate: e\ndata: intents.test\ncandidates:\n  after:\n    run: full\n    «model»: base\n',
      ),
      {
        code: 'tune/exclusive-fields',
        message: '`after` takes one of `run` and `model`, not both. Remove one.',
        fix: 'Remove model',
      },
    ));
});
