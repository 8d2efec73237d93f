import assert from 'node:assert/strict';
import { CORPUS, DATASET, PRETRAIN, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem } from '../testing/expect-problem.ts';

const train = (fields: string) => stream(DATASET, `${RUN}train: { ${fields} }\n`);

/** A run that is evaluated and saved every epoch. */
const EPOCHS = 'eval_strategy: epoch, save_strategy: epoch';

describe('arguments that contradict each other', () => {
  const code = 'tune/inconsistent-settings';

  it('no steps between entries of the log', () =>
    expectProblem(train('logging_steps: «0»'), {
      code,
      message: '`logging_steps` is 0. Write a number of steps from 1, or a fraction of the run below 1.',
      fix: 'Remove logging_steps',
    }));

  it('no steps between checkpoints', () =>
    expectProblem(train('save_steps: «0»'), {
      code,
      message: '`save_steps` is 0. Write a number of steps from 1, or a fraction of the run below 1.',
      fix: 'Remove save_steps',
    }));

  it('evaluations without data: the validation split', () =>
    expectProblem(train('eval_strategy: «epoch»').replace(', eval: intents.validation', ''), {
      code,
      message:
        '`eval_strategy` is `epoch`, but there is nothing to evaluate on. Name a split in `data.eval`, or write `eval_strategy: no`.',
      fix: 'Add data.eval: intents.validation',
      becomes: 'data: { train: intents.train, eval: intents.validation }',
    }));

  it('an evaluation before the first step without data', () =>
    expectProblem(train('eval_on_start: «true»').replace(', eval: intents.validation', ''), {
      code,
      message:
        '`eval_on_start` is `true`, but there is nothing to evaluate on. Name a split in `data.eval`, or write `eval_on_start: false`.',
      fix: 'Add data.eval: intents.validation',
      becomes: 'data: { train: intents.train, eval: intents.validation }',
    }));

  it('an evaluation before the first step of the wrong type: that alone', () =>
    expectProblem(train('eval_on_start: «maybe»').replace(', eval: intents.validation', ''), {
      code: 'tune/wrong-type',
      message: '`eval_on_start` takes `true` or `false`, not the text "maybe".',
      fix: 'Change to false, the default',
    }));

  it('evaluations without data: no evaluations', () =>
    expectProblem(
      train('eval_strategy: «epoch»')
        .replace(', eval: intents.validation', '')
        .replace(' validation: validation.csv,', ''),
      {
        code,
        message:
          '`eval_strategy` is `epoch`, but there is nothing to evaluate on. Name a split in `data.eval`, or write `eval_strategy: no`.',
        fix: 'Change to no',
      },
    ));

  it('the best of checkpoints that are not evaluated', () =>
    expectProblem(train('eval_strategy: epoch, load_best_model_at_end: «true»'), {
      code,
      message:
        '`load_best_model_at_end` needs every checkpoint to be evaluated, but `eval_strategy` is `epoch` and `save_strategy` is `steps`. Make them equal.',
      fix: 'Set save_strategy: epoch',
    }));

  it('the best of checkpoints without evaluations', () =>
    expectProblem(train('save_strategy: epoch, load_best_model_at_end: «true»'), {
      code,
      message:
        '`load_best_model_at_end` needs every checkpoint to be evaluated, but `eval_strategy` is `no` and `save_strategy` is `epoch`. Make them equal.',
      fix: 'Set eval_strategy: epoch',
    }));

  it('the best of nothing', () =>
    expectProblem(train('save_strategy: no, load_best_model_at_end: «true»'), {
      code,
      message:
        '`load_best_model_at_end` has nothing to choose from: nothing is saved and nothing is evaluated. Write `eval_strategy: epoch` and `save_strategy: epoch`.',
      fix: 'Change to false',
    }));

  it('checkpoints between evaluations', () =>
    expectProblem(
      train('eval_strategy: steps, eval_steps: 40, save_steps: «100», load_best_model_at_end: true'),
      {
        code,
        message:
          '`load_best_model_at_end` needs `save_steps` to be a multiple of `eval_steps`, but they are 100 and 40.',
        fix: 'Set save_steps: 40',
      },
    ));

  it('a fraction and a number of steps', () =>
    expectProblem(
      train('eval_strategy: steps, eval_steps: 0.1, save_steps: «50», load_best_model_at_end: true'),
      {
        code,
        message:
          '`load_best_model_at_end` needs `save_steps` to be a multiple of `eval_steps`, but they are 50 and 0.1 (one is a fraction of the run, the other a number of steps).',
        fix: 'Set save_steps: 0.1',
      },
    ));

  it('the best without a metric', () =>
    expectProblem(train('eval_strategy: epoch, save_strategy: «best»'), {
      code,
      message: '`save_strategy: best` needs `metric_for_best_model` to say what is best. Add it.',
      fix: 'Add metric_for_best_model: loss',
    }));

  it('nothing, where transformers finds nothing', async () => {
    const right = [
      `${EPOCHS}, load_best_model_at_end: true, metric_for_best_model: macro_f1`,
      'eval_strategy: steps, eval_steps: 50, save_steps: 100, load_best_model_at_end: true',
      'eval_strategy: steps, eval_steps: 0.1, save_steps: 0.2, load_best_model_at_end: true',
      'eval_strategy: steps, logging_steps: 100, save_steps: 200, load_best_model_at_end: true',
      'eval_strategy: epoch, save_strategy: best, load_best_model_at_end: true',
      'eval_strategy: epoch, save_strategy: best, metric_for_best_model: eval_accuracy',
      `${EPOCHS}, save_total_limit: null`,
    ];
    for (const fields of right) assert.deepEqual(await diagnose(train(fields)), [], fields);
  });
});

describe('metric_for_best_model', () => {
  it('is one that is measured', () =>
    expectProblem(train(`${EPOCHS}, metric_for_best_model: «acuracy»`), {
      code: 'tune/unknown-value',
      message:
        '`acuracy` is not measured in the evaluations of a `text-classification` run. Take one of `loss`, `accuracy` and `macro_f1`.',
      fix: 'Change to accuracy',
    }));

  it('is one that pretraining measures', () =>
    expectProblem(stream(CORPUS, `${PRETRAIN}train: { metric_for_best_model: «accuracy» }\n`), {
      code: 'tune/unknown-value',
      message:
        '`accuracy` is not measured in the evaluations of a `fill-mask` run. Take one of `loss` and `perplexity`.',
    }));

  it('knows what f1 means here', () =>
    expectProblem(train(`${EPOCHS}, metric_for_best_model: «eval_f1»`), {
      code: 'tune/unknown-value',
      message:
        '`f1` is not measured in the evaluations of a `text-classification` run. Take one of `loss`, `accuracy` and `macro_f1`.',
      fix: 'Change to macro_f1',
    }));
});

describe('save_strategy: best', () => {
  it('needs evaluations on the way', () =>
    expectProblem(train('save_strategy: «best», metric_for_best_model: loss'), {
      code: 'tune/never-happens',
      severity: 'warning',
      message:
        '`save_strategy: best` saves after evaluations, but `eval_strategy` is `no`, so only the last step can be saved. Write `eval_strategy: epoch`.',
      fix: 'Set eval_strategy: epoch',
    }));
});

describe('early_stopping_patience', () => {
  it('needs evaluations on the way', () =>
    expectProblem(train('early_stopping_patience: «2», metric_for_best_model: loss'), {
      code: 'tune/inconsistent-settings',
      message:
        '`early_stopping_patience` counts evaluations, but `eval_strategy` is `no`. Evaluate while it trains.',
      fix: 'Set eval_strategy: epoch',
    }));

  it('needs a metric', () =>
    expectProblem(train(`${EPOCHS}, early_stopping_patience: «2»`), {
      code: 'tune/inconsistent-settings',
      message: '`early_stopping_patience` needs `metric_for_best_model` to say what is better. Add it.',
      fix: 'Add metric_for_best_model: loss',
    }));

  it('gives its threshold a meaning', () =>
    expectProblem(train('«early_stopping_threshold»: 0.1'), {
      code: 'tune/overridden-field',
      severity: 'warning',
      message:
        '`early_stopping_threshold` has no effect, because `early_stopping_patience` is unset. Remove it.',
      fix: 'Remove early_stopping_threshold',
    }));
});
