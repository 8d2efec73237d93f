import assert from 'node:assert/strict';
import { DATASET, RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem } from '../testing/expect-problem.ts';

const code = 'tune/inconsistent-settings';
const train = (fields: string) => stream(DATASET, `${RUN}train: { ${fields} }\n`);
const schedule = (type: string, kwargs: string) =>
  train(`lr_scheduler_type: ${type}, lr_scheduler_kwargs: { ${kwargs} }`);

describe('arguments of the learning-rate schedule', () => {
  for (const [type, kwargs] of [
    ['cosine_with_min_lr', 'min_lr_rate: 0.1, num_cycles: 0.5'],
    ['cosine_warmup_with_min_lr', 'min_lr: 1.0e-6, warmup_lr_rate: 0.1'],
    ['cosine_with_restarts', 'num_cycles: 3'],
    ['polynomial', 'power: 2, lr_end: 1.0e-6'],
    ['inverse_sqrt', 'timescale: 100'],
    ['warmup_stable_decay', 'num_decay_steps: 10, decay_type: 1-sqrt'],
    ['warmup_stable_decay', 'num_decay_steps: "${env.DECAY}"'],
  ] as const)
    it(`${type}: { ${kwargs} } is right`, async () => {
      assert.deepEqual(await diagnose(schedule(type, kwargs)), []);
    });

  it('an argument of another schedule', () =>
    expectProblem(schedule('linear', '«num_decay_steps»: 10'), {
      code,
      message:
        '`lr_scheduler_type: linear` takes no arguments, and not `num_decay_steps`, which is one of `warmup_stable_decay`.',
      fix: 'Change lr_scheduler_type to warmup_stable_decay',
    }));

  it('an argument of several others', () =>
    expectProblem(schedule('cosine', 'num_cycles: 1, «min_lr»: 0'), {
      code,
      message:
        '`lr_scheduler_type: cosine` takes `num_cycles`, and not `min_lr`, which is one of `cosine_with_min_lr` and `cosine_warmup_with_min_lr`.',
      fix: 'Change lr_scheduler_type to cosine_with_min_lr',
    }));

  it('arguments of the schedule that is taken when none is named', () =>
    expectProblem(train('lr_scheduler_kwargs: { «power»: 2 }'), {
      code,
      message:
        '`lr_scheduler_type: linear` takes no arguments, and not `power`, which is one of `polynomial`.',
      fix: 'Remove power',
    }));

  it('no end', () =>
    expectProblem(train('lr_scheduler_type: «cosine_with_min_lr»'), {
      code,
      message:
        '`lr_scheduler_type: cosine_with_min_lr` needs `min_lr` or `min_lr_rate` in `lr_scheduler_kwargs`.',
      fix: 'Add lr_scheduler_kwargs: { min_lr_rate: 0.1 }',
      becomes: 'lr_scheduler_kwargs: { min_lr_rate: 0.1 }',
    }));

  it('no decay', () =>
    expectProblem(
      train('lr_scheduler_type: «warmup_stable_decay», lr_scheduler_kwargs: { min_lr_ratio: 0.1 }'),
      {
        code,
        message: '`lr_scheduler_type: warmup_stable_decay` needs `num_decay_steps` in `lr_scheduler_kwargs`.',
        fix: 'Add lr_scheduler_kwargs: { num_decay_steps: 100 }',
        becomes: 'lr_scheduler_kwargs: { min_lr_ratio: 0.1, num_decay_steps: 100 }',
      },
    ));

  it('two ends', () =>
    expectProblem(schedule('cosine_with_min_lr', 'min_lr: 0, «min_lr_rate»: 0.1'), {
      code,
      message: '`min_lr` and `min_lr_rate` both say where the schedule ends. Remove one.',
      fix: 'Remove min_lr_rate',
    }));

  it('an end above the beginning', () =>
    expectProblem(
      train('learning_rate: 1.0e-4, lr_scheduler_type: polynomial, lr_scheduler_kwargs: { lr_end: «0.01» }'),
      {
        code,
        message: '`lr_end` is 0.01, and has to be less than `learning_rate`, which is 0.0001.',
        fix: 'Change to 0',
      },
    ));

  it('arguments that a constant rate does not look at', () =>
    expectProblem(train('lr_scheduler_type: constant, «lr_scheduler_kwargs»: { power: 2 }'), {
      code: 'tune/overridden-field',
      severity: 'warning',
      message:
        '`lr_scheduler_kwargs` has no effect, because `lr_scheduler_type: constant` takes no arguments. Remove it.',
      fix: 'Remove lr_scheduler_kwargs',
    }));

  it('a decay that does not fit', () =>
    expectProblem(
      train(
        'max_steps: 100, warmup_steps: 0.5, lr_scheduler_type: warmup_stable_decay, lr_scheduler_kwargs: { num_decay_steps: «60» }',
      ),
      {
        code: 'tune/warmup-too-long',
        severity: 'warning',
        message:
          'The decay takes 60 steps and the warm-up 50, but the run has only 100, so it ends before the lowest rate is reached. Shorten one of them.',
        fix: 'Change to 50',
      },
    ));
});
