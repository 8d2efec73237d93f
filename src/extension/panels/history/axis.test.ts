import assert from 'node:assert/strict';
import { StepAxes } from './axis.ts';
import { Series } from './series.ts';

const HOUR = 3_600_000;

describe('panels: axes', () => {
  function axes(): StepAxes {
    const made = new StepAxes();
    // Every tenth step logs; an hour each, but the clock is set back after the third.
    for (const [i, moment] of [1, 2, 3, 2.5, 4].entries()) made.add(10 * (i + 1), (i + 1) / 2, moment * HOUR);
    return made;
  }

  it('place steps by epoch and by hours since the first number, and never run backwards', () => {
    const made = axes();
    assert.deepEqual(
      [10, 20, 30, 40, 50].map((step) => made.place('time', step)),
      [0, 1, 2, 2, 3],
    );
    assert.deepEqual(
      [10, 30, 50].map((step) => made.place('epoch', step)),
      [0.5, 1.5, 2.5],
    );
    assert.equal(made.place('step', 35), 35);
  });

  it('place steps by tokens where the run counts them, and nothing where it does not', () => {
    const made = new StepAxes();
    for (const [step, tokens] of [
      [10, 100],
      [20, undefined],
      [30, 'many'],
      [40, 450],
    ] as const)
      made.add(step, 0, 0, tokens);
    assert.deepEqual(
      [10, 20, 30, 40].map((step) => made.place('tokens', step)),
      [100, 100, 100, 450],
    );
    const series = new Series();
    series.set(10, 1);
    const drawn = { ...series.draw({ smoothing: 0, buckets: 9 }), facts: series.facts([]) };
    assert.deepEqual([...made.move('tokens', drawn).points.x], [100]);
    const moved = axes().move('tokens', drawn);
    assert.deepEqual([moved.isUnplaced, moved.points.x.length, moved.facts.count], [true, 0, 1]);
  });

  it('give the steps of a stretch back', () => {
    assert.deepEqual(axes().stepsWithin('epoch', [1, 2]), [20, 40]);
    assert.deepEqual(axes().stepsWithin('time', [0.5, 99]), [20, 50]);
    assert.deepEqual(axes().stepsWithin('step', [1, 2]), [1, 2]);
    assert.deepEqual(new StepAxes().stepsWithin('time', [0, 1]), [0, 0]);
  });

  it('move a series with its marks, and leave what is said of steps', () => {
    const series = new Series();
    for (const [step, value] of [
      [10, 1],
      [20, NaN],
      [30, 3],
    ] as const)
      series.set(step, value);
    const view = { smoothing: 0.5, buckets: 100 };
    const moved = axes().move('epoch', { ...series.draw(view), facts: series.facts([20]) });
    assert.deepEqual([...moved.points.x], [0.5, 1, 1.5]);
    assert.deepEqual([...(moved.smoothed?.x ?? [])], [0.5, 1, 1.5]);
    assert.deepEqual(moved.marks, { nonFinite: [[1, 1]], resumedAt: [1] });
    assert.deepEqual(moved.facts.nonFinite, [{ from: 20, to: 20, count: 1, kinds: ['NaN'] }]);
    assert.deepEqual(moved.facts.resumedAt, [20]);
    assert.deepEqual(moved.facts.max, { step: 30, value: 3 });
  });

  it('forget what a resume takes back', () => {
    const made = axes();
    made.truncate(2);
    made.add(30, 1.5, 9 * HOUR);
    assert.equal(made.place('time', 30), 8);
    assert.equal(made.steps.length, 3);
  });
});
