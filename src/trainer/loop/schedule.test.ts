import assert from 'node:assert/strict';
import { scheduleFactor, warmupSteps, type ScheduleType } from './schedule.ts';

/** transformers 5.18, get_scheduler(name, num_warmup_steps=3, num_training_steps=8) with a rate of 1, steps 0 to 8. */
const EXPECTED: Record<ScheduleType, number[]> = {
  linear: [0, 0.333333333, 0.666666667, 1, 0.8, 0.6, 0.4, 0.2, 0],
  cosine: [0, 0.333333333, 0.666666667, 1, 0.904508497, 0.654508497, 0.345491503, 0.095491503, 0],
  polynomial: [0, 0.333333333, 0.666666667, 1, 0.80000002, 0.60000004, 0.40000006, 0.20000008, 1e-7],
  inverse_sqrt: [
    0, 0.333333333, 0.666666667, 1, 0.866025404, 0.774596669, 0.707106781, 0.654653671, 0.612372436,
  ],
  constant: [1, 1, 1, 1, 1, 1, 1, 1, 1],
  constant_with_warmup: [0, 0.333333333, 0.666666667, 1, 1, 1, 1, 1, 1],
};

describe('scheduleFactor', () => {
  for (const [type, factors] of Object.entries(EXPECTED)) {
    it(`${type}: the numbers of get_scheduler`, () => {
      factors.forEach((factor, step) => {
        // SAFETY: the keys of EXPECTED are schedule types.
        const made = scheduleFactor(type as ScheduleType, step, 3, 8);
        assert.ok(Math.abs(made - factor) < 1e-9, `step ${step}: ${made} is not ${factor}`);
      });
    });
  }

  it('begins at its peak without a warm-up', () => {
    assert.equal(scheduleFactor('linear', 0, 0, 10), 1);
    assert.equal(scheduleFactor('cosine', 0, 0, 10), 1);
  });

  it('never falls below zero when a warm-up takes the whole run', () => {
    for (const type of ['linear', 'cosine'] as const)
      for (let step = 0; step < 5; step++) assert.ok(scheduleFactor(type, step, 5, 5) >= 0);
  });
});

describe('warmupSteps', () => {
  it('takes a share of the run below 1, rounded up, and a count from 1 on', () => {
    assert.deepEqual(
      [0, 0.1, 0.06, 0.999, 1, 50].map((steps) => warmupSteps(steps, 101)),
      [0, 11, 7, 101, 1, 50],
    );
  });
});
