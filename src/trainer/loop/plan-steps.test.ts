import assert from 'node:assert/strict';
import { TrainSchema } from '../../language/schema/training.ts';
import type { TrainingArguments } from '../../language/resolved.ts';
import { epochAt, isDue, planSteps } from './plan-steps.ts';

function plan(rows: number, given: Partial<TrainingArguments>) {
  const defaults = Object.fromEntries(
    Object.entries(TrainSchema.properties).map(([name, field]) => [
      name,
      'default' in field ? field.default : null,
    ]),
  );
  // SAFETY: the schema's defaults are whole but for eval_steps, which is given.
  return planSteps({ ...defaults, eval_steps: 500, ...given } as TrainingArguments, rows);
}

describe('planSteps', () => {
  it('counts a short last batch and a short last window', () => {
    const { batchesPerEpoch, stepsPerEpoch, totalSteps } = plan(76, {
      gradient_accumulation_steps: 4,
      num_train_epochs: 2,
    });
    assert.deepEqual([batchesPerEpoch, stepsPerEpoch, totalSteps], [10, 3, 6]);
  });

  it('leaves a short last batch out where that is asked for', () => {
    assert.equal(plan(76, { dataloader_drop_last: true }).batchesPerEpoch, 9);
    assert.equal(plan(3, { dataloader_drop_last: true }).batchesPerEpoch, 1);
  });

  it('rounds fractions of epochs up, and lets max_steps decide over epochs', () => {
    const half = plan(76, { num_train_epochs: 1.25 });
    assert.deepEqual([half.totalSteps, half.epochs], [13, 2]);
    const limited = plan(76, { num_train_epochs: 1, max_steps: 23 });
    assert.deepEqual([limited.totalSteps, limited.epochs], [23, 3]);
  });

  it('takes intervals below 1 as shares of the run, rounded up, never below a step', () => {
    const { evalSteps, saveSteps, loggingSteps, warmup } = plan(76, {
      max_steps: 30,
      eval_steps: 0.25,
      save_steps: 0.4,
      logging_steps: 0.001,
      warmup_steps: 0.1,
    });
    assert.deepEqual([evalSteps, saveSteps, loggingSteps, warmup], [8, 12, 1, 3]);
  });

  it('tells the epoch in batches, so that a short window counts for what it is', () => {
    const { ...steps } = plan(76, { gradient_accumulation_steps: 4, num_train_epochs: 2 });
    assert.deepEqual(
      [0, 1, 2, 3, 4, 6].map((step) => epochAt(steps, step)),
      [0, 0.4, 0.8, 1, 1.4, 2],
    );
  });
});

describe('isDue', () => {
  const steps = plan(76, { max_steps: 23, gradient_accumulation_steps: 4 });
  const dueSteps = (strategy: string, every: number) =>
    Array.from({ length: 23 }, (_, i) => i + 1).filter((step) => isDue(steps, strategy, every, step));

  it('no: never', () => assert.deepEqual(dueSteps('no', 1), []));
  it('steps: every so many, and at the end', () => assert.deepEqual(dueSteps('steps', 10), [10, 20, 23]));
  it('epoch: at each epoch’s end, and at the end', () =>
    assert.deepEqual(dueSteps('epoch', 10), [3, 6, 9, 12, 15, 18, 21, 23]));
});
