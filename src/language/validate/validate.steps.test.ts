import assert from 'node:assert/strict';
import { DATASET, RUN, stream, WORLD } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const train = (fields: string) => stream(DATASET, `${RUN}train: { ${fields} }\n`);

/** A training split of 20 rows. */
const SMALL = {
  data: {
    ...WORLD.data,
    '/w/train.csv': { rows: 20, columns: ['text', 'intent'], labels: { copy: 10, paste: 5, undo: 5 } },
  },
};

describe('steps of a run', () => {
  it('none are asked for', () =>
    expectProblem(train('max_steps: «0»'), {
      code: 'tune/no-steps',
      message:
        '`max_steps` is 0: there would be no step. Write a number from 1, or -1 for as many as the epochs take.',
      fix: 'Change to -1',
    }));

  it('none, because every batch is dropped', () =>
    expectProblem(
      train('per_device_train_batch_size: «32», dataloader_drop_last: true'),
      {
        code: 'tune/no-steps',
        message:
          'A batch has 32 rows, but `intents.train` has only 20, and `dataloader_drop_last` leaves out the batch that is not full: there would be no step.',
        fix: 'Set the batch to 20',
      },
      SMALL,
    ));

  it('all see the same rows', () =>
    expectProblem(
      train('per_device_train_batch_size: «32»'),
      {
        code: 'tune/batch-too-large',
        severity: 'warning',
        message:
          'A batch has 32 rows, but `intents.train` has only 20: every step would see all of them. Take a smaller batch.',
        fix: 'Set the batch to 4',
      },
      SMALL,
    ));

  it('all see the same rows, by the default', () =>
    expectProblem(
      stream(DATASET, RUN.replace('intents.train', '«intents.train»')),
      {
        code: 'tune/batch-too-large',
        severity: 'warning',
        message:
          'A batch has 8 rows, but `intents.train` has only 5: every step would see all of them. Take a smaller batch.',
        fix: 'Set the batch to 1',
        becomes: 'train: { per_device_train_batch_size: 1 }',
      },
      { data: { ...SMALL.data, '/w/train.csv': { ...SMALL.data['/w/train.csv'], rows: 5 } } },
    ));

  it('are fewer than those of the warm-up', () =>
    // ⌈1600 rows / 16⌉ = 100 batches, ⌈100 / 4⌉ = 25 steps an epoch.
    expectProblem(
      train(
        'per_device_train_batch_size: 16, gradient_accumulation_steps: 4, num_train_epochs: 2, warmup_steps: «50»',
      ),
      {
        code: 'tune/warmup-too-long',
        severity: 'warning',
        message:
          'The warm-up takes 50 steps, but the run has only 50, so `learning_rate` is never reached. Shorten it, or write a fraction of the run.',
        fix: 'Change to 0.1, a tenth of the run',
      },
    ));

  it('are fewer than those between checkpoints', () =>
    expectProblem(train('num_train_epochs: 0.5, save_steps: «101»'), {
      code: 'tune/never-happens',
      severity: 'warning',
      message:
        '`save_steps` is 101, but the run has only 100 steps: nothing is saved before the end. Take fewer steps, or a fraction of the run.',
      fix: 'Change to 0.25, four times in the run',
    }));

  it('are fewer than those between evaluations', () =>
    expectProblem(train('max_steps: 30, eval_strategy: steps, eval_steps: «31»'), {
      code: 'tune/never-happens',
      severity: 'warning',
      message:
        '`eval_steps` is 31, but the run has only 30 steps: nothing is evaluated before the end. Take fewer steps, or a fraction of the run.',
      fix: 'Set eval_steps: 0.25, four times in the run',
    }));

  it('are fewer than those between evaluations, by the default', () =>
    expectProblem(train('max_steps: 30, eval_strategy: «steps»'), {
      code: 'tune/never-happens',
      severity: 'warning',
      message:
        '`eval_strategy: steps` evaluates every `logging_steps`, which is 500, but the run has only 30 steps: nothing is evaluated before the end. Take fewer steps, or a fraction of the run.',
      fix: 'Set eval_steps: 0.25, four times in the run',
      becomes: 'eval_steps: 0.25 }',
    }));

  it('count epochs and batches as transformers does', async () => {
    // ⌈1600 / 7⌉ = 229, without the last one 228; ⌈229 · 1.5⌉ = 344.
    const longest = async (fields: string, steps: number) => {
      const found = await diagnose(train(`${fields}, warmup_steps: ${steps}`));
      return found.map(({ code }) => code);
    };
    const odd = 'per_device_train_batch_size: 7, num_train_epochs: 1.5';
    assert.deepEqual(await longest(odd, 343), []);
    assert.deepEqual(await longest(odd, 344), ['tune/warmup-too-long']);
    const dropped = 'per_device_train_batch_size: 7, num_train_epochs: 1, dataloader_drop_last: true';
    assert.deepEqual(await longest(dropped, 227), []);
    assert.deepEqual(await longest(dropped, 228), ['tune/warmup-too-long']);
  });

  it('are not counted where the rows are not known', async () => {
    const text = train('warmup_steps: 100000, save_steps: 100000, per_device_train_batch_size: 4096');
    const partial = {
      rows: 10,
      columns: ['text', 'intent'],
      labels: { copy: 4, paste: 3, undo: 3 },
      partial: { readBytes: 1, totalBytes: 2 },
    };
    for (const data of [undefined, { ...WORLD.data, '/w/train.csv': partial }]) {
      assert.deepEqual(
        (await diagnose(text, { data })).map(summary).filter((each) => !each.includes('missing-file')),
        [],
      );
    }
  });

  it('are not counted with a value that is wrong', async () => {
    const found = await diagnose(train('per_device_train_batch_size: many, warmup_steps: 100000'));
    assert.deepEqual(
      found.map(({ code }) => code),
      ['tune/wrong-type'],
    );
  });
});
