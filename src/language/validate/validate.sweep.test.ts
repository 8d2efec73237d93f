import { DATASET, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';
import assert from 'node:assert/strict';

const sweep = (rest: string) => stream(DATASET, RUN, `sweep: rates\nrun: full\n${rest}`);

describe('a sweep', () => {
  it('takes lists and ranges of any field of the run', async () => {
    const text = sweep(
      'over:\n  train.learning_rate: { min: 1.0e-5, max: 1.0e-3, scale: log }\n  method.lora.r: [4, 8]\n  method.lora.target_modules: [[query], [query, value]]\n  train.lr_scheduler_type: [linear, cosine]\nmethod: random\nsamples: 5\nmetric: macro_f1\nmode: max\n',
    );
    assert.deepEqual((await diagnose(text)).map(summary), []);
  });

  it('repeats a run that exists', () =>
    expectProblem(sweep('over: { train.seed: [1, 2] }\n').replace('run: full\nover', 'run: «fill»\nover'), {
      code: 'tune/unknown-reference',
      message: 'There is no run `fill`. Did you mean `full`?',
      fix: 'Change to full',
    }));

  it('varies fields that exist', () =>
    expectProblem(sweep('over: { «train.learning_rat»: [1.0e-4, 1.0e-5] }\n'), {
      code: 'tune/unknown-field',
      message: '`train.learning_rat` is not a field of a run. Did you mean `train.learning_rate`?',
      fix: 'Change to train.learning_rate',
    }));

  it('names a field by its whole path', () =>
    expectProblem(sweep('over: { «learning_rate»: [1.0e-4, 1.0e-5] }\n'), {
      code: 'tune/unknown-field',
      message: '`learning_rate` is not a field of a run. Did you mean `train.learning_rate`?',
      fix: 'Change to train.learning_rate',
    }));

  it('varies a value, not a section', () =>
    expectProblem(sweep('over: { train.seed: [1, 2], «method.lora»: [1, 2] }\n'), {
      code: 'tune/unknown-field',
      message: '`method.lora` is a section of a run, not a value. Name one of its fields: `method.lora.r`.',
      fix: 'Remove method.lora',
    }));

  it('takes values that the field takes', () =>
    expectProblem(sweep('over: { train.weight_decay: [0, «-0.1»] }\n'), {
      code: 'tune/out-of-range',
      message: '`weight_decay` is -0.1; it takes a number from 0.',
    }));

  it('takes values of the type of the field', () =>
    expectProblem(sweep('over: { train.eval_strategy: [epoch, «step»] }\n'), {
      code: 'tune/unknown-value',
      message:
        '`eval_strategy` takes one of `no`, `steps`, `epoch`, not the text "step". Did you mean `steps`?',
      fix: 'Change to steps',
    }));

  it('has ranges whose ends the field takes', () =>
    expectProblem(sweep('over: { train.label_smoothing_factor: { min: 0, max: «1.5» } }\nmethod: random\n'), {
      code: 'tune/out-of-range',
      message: '`label_smoothing_factor` is 1.5; it takes a number from 0 and below 1.',
    }));

  it('has ranges that go upwards', () =>
    expectProblem(sweep('over: { train.weight_decay: { min: 0.1, max: «0.01» } }\nmethod: random\n'), {
      code: 'tune/out-of-range',
      message:
        'The range of `train.weight_decay` begins at 0.1 and ends at 0.01. `min` must be smaller than `max`.',
      fix: 'Exchange min and max',
      becomes: '{ min: 0.01, max: 0.1 }',
    }));

  it('has logarithmic ranges above 0', () =>
    expectProblem(
      sweep('over: { train.weight_decay: { min: 0, max: 0.1, scale: «log» } }\nmethod: random\n'),
      {
        code: 'tune/inconsistent-settings',
        message:
          'A logarithmic range begins above 0; that of `train.weight_decay` begins at 0. Take a larger `min`, or `scale: linear`.',
        fix: 'Change to linear',
      },
    ));

  it('knows how many values of a range a grid has', () =>
    expectProblem(sweep('over: { train.weight_decay: «{ min: 0, max: 0.1 }» }\n'), {
      code: 'tune/missing-field',
      message:
        '`method: grid` needs to know how many values of `train.weight_decay` to try. Add `steps`, or take `method: random`.',
      fix: 'Set method: random',
    }));

  it('is not a run because it names one', () =>
    expectProblem(stream(DATASET, RUN, '«train»: {}\nsweep: rates\nrun: full\nover: { train.seed: [1] }\n'), {
      code: 'tune/unknown-field',
      message:
        '`train` is not a field of a `sweep:` document. Remove it, or take one of `extends`, `method`, `samples`, `seed`, `metric`, `mode`, `eta`, `min_steps` or 1 other.',
      fix: 'Remove train',
    }));
});
