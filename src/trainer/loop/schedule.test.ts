import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { SCHEDULES } from '../../language/schema/schedule.ts';
import { scheduleFactor, warmupSteps, type Schedule } from './schedule.ts';

const file = new URL('../../../test/fixtures/schedules.json', import.meta.url);
// SAFETY: written by python/make_schedule_fixture.py in this form.
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as {
  cases: (Schedule & { learning_rates: number[] })[];
};

describe('scheduleFactor', () => {
  for (const { learning_rates, ...schedule } of cases) {
    const { type, kwargs, warmup, peak } = schedule;
    it(`${type} ${JSON.stringify(kwargs)}, warm-up of ${warmup}: the rates of transformers`, () => {
      for (const [step, rate] of learning_rates.entries()) {
        const made = peak * scheduleFactor(schedule, step);
        assert.ok(Math.abs(made - rate) <= 1e-15, `step ${step}: ${made} is not ${rate}`);
      }
    });
  }

  it('is compared for every schedule that there is', () => {
    assert.deepEqual(new Set(cases.map(({ type }) => type)), new Set(SCHEDULES.map(([type]) => type)));
  });

  it('never falls below zero when a warm-up takes the whole run', () => {
    for (const type of ['linear', 'cosine'] as const)
      for (let step = 0; step < 5; step++)
        assert.ok(scheduleFactor({ type, warmup: 5, total: 5, peak: 1 }, step) >= 0);
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
