import assert from 'node:assert/strict';
import { CORPUS, DATASET, PRETRAIN, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const code = 'tune/overridden-field';
const severity = 'warning';
const train = (fields: string) => stream(DATASET, `${RUN}train: { ${fields} }\n`);

describe('fields without effect', () => {
  it('epochs beside a number of steps', () =>
    expectProblem(train('max_steps: 100, «num_train_epochs»: 3'), {
      code,
      severity,
      message: '`num_train_epochs` has no effect, because `max_steps` is 100. Remove it.',
      fix: 'Remove num_train_epochs',
    }));

  it('a warm-up of a constant rate', () =>
    expectProblem(train('lr_scheduler_type: constant, «warmup_steps»: 10'), {
      code,
      severity,
      message:
        '`warmup_steps` has no effect, because `lr_scheduler_type` is `constant`. Remove it, or change that.',
      fix: 'Set lr_scheduler_type: constant_with_warmup',
    }));

  it('steps between evaluations that are not counted in steps', () =>
    expectProblem(train('«eval_steps»: 50'), {
      code,
      severity,
      message: '`eval_steps` has no effect, because `eval_strategy` is `no`. Remove it, or change that.',
      fix: 'Set eval_strategy: steps',
    }));

  it('steps between checkpoints that are not counted in steps', () =>
    expectProblem(train('save_strategy: epoch, «save_steps»: 50'), {
      code,
      severity,
      message: '`save_steps` has no effect, because `save_strategy` is `epoch`. Remove it, or change that.',
      fix: 'Remove save_steps',
    }));

  it('a share of tokens that a classifier does not hide', () =>
    expectProblem(stream(DATASET, RUN.replace('data: {', 'data: { «mlm_probability»: 0.2,')), {
      code,
      severity,
      message: '`mlm_probability` has no effect, because the task is `text-classification`. Remove it.',
      fix: 'Remove mlm_probability',
    }));

  it('labels of pretraining', () =>
    expectProblem(stream(CORPUS, PRETRAIN.replace('base: scratch', '«num_labels»: 4, base: scratch')), {
      code,
      severity,
      message: '`num_labels` has no effect, because the task is `fill-mask`. Remove it.',
      fix: 'Remove num_labels',
    }));

  it('the architecture of a model that has one', () =>
    expectProblem(
      stream(DATASET, RUN.replace('base: base', 'base: base, «architecture»: { model_type: bert }')),
      {
        code,
        severity,
        message: '`architecture` has no effect, because `base` names a model that has its own. Remove it.',
        fix: 'Remove architecture',
      },
    ));

  it('samples of a model that generates no text, and prompts without samples', async () => {
    await expectProblem(stream(train('«sample_steps»: 10')), {
      code,
      severity,
      message: '`sample_steps` has no effect, because the task is `text-classification`. Remove it.',
      fix: 'Remove sample_steps',
    });
    await expectProblem(stream(train('«sample_prompts»: [a]')), {
      code,
      severity,
      message: '`sample_prompts` has no effect, because the task is `text-classification`. Remove it.',
      fix: 'Remove sample_prompts',
    });
  });

  it('the label of plain text', () =>
    expectProblem(stream(`${CORPUS}columns:\n  text: text\n  «label»: intent\n`), {
      code,
      severity,
      message: '`label` has no effect, because rows of `format: text` have no label. Remove it.',
      fix: 'Remove label',
    }));

  it('are none where they are inherited and overridden here', async () => {
    const child = 'run: child\nextends: full\ntrain: { save_strategy: epoch }\n';
    assert.deepEqual((await diagnose(stream(train('save_steps: 50'), child))).map(summary), []);
  });
});
