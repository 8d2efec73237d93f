import assert from 'node:assert/strict';
import type { ResolvedSweep } from '../../language/resolved.ts';
import { planRungs } from './halving.ts';
import { planTrials } from './plan-trials.ts';

function sweep(fields: Partial<ResolvedSweep>): ResolvedSweep {
  return {
    name: 's',
    file: 'f',
    run: { name: 'r', file: 'f' },
    over: {},
    method: 'grid',
    samples: 10,
    seed: 42,
    metric: 'loss',
    mode: 'min',
    eta: 3,
    ...fields,
  };
}
const none = () => false;

describe('planTrials', () => {
  it('goes through a grid with the last field fastest', () => {
    const over = { 'train.learning_rate': [0.1, 0.2], 'method.lora.r': [4, 8, 16] };
    assert.deepEqual(
      planTrials(sweep({ over }), none).map((each) => Object.values(each)),
      [
        [0.1, 4],
        [0.1, 8],
        [0.1, 16],
        [0.2, 4],
        [0.2, 8],
        [0.2, 16],
      ],
    );
  });

  it('divides ranges evenly, or evenly by their logarithm, with both ends as they are; whole numbers once', () => {
    const log = { min: 1e-5, max: 1e-2, scale: 'log' as const, steps: 4 };
    const rates = planTrials(sweep({ over: { lr: log } }), none).map(({ lr }) => lr);
    assert.deepEqual(rates, [1e-5, 1e-4, 1e-3, 1e-2]);
    const linear = { min: 0, max: 0.3, scale: 'linear' as const, steps: 4 };
    assert.deepEqual(
      planTrials(sweep({ over: { d: linear } }), none).map(({ d }) => d),
      [0, 0.1, 0.2, 0.3],
    );
    const few = { min: 1, max: 3, scale: 'linear' as const, steps: 9 };
    assert.deepEqual(
      planTrials(sweep({ over: { r: few } }), () => true).map(({ r }) => r),
      [1, 2, 3],
    );
  });

  it('draws the same for the same seed, other ones for another, none twice, and within the range', () => {
    const over = {
      lr: { min: 1e-5, max: 1e-2, scale: 'log' as const },
      r: { min: 1, max: 64, scale: 'linear' as const },
      target: ['a', 'b'],
    };
    const whole = (path: string) => path === 'r';
    const drawn = planTrials(sweep({ over, method: 'random', samples: 200 }), whole);
    assert.deepEqual(planTrials(sweep({ over, method: 'random', samples: 200 }), whole), drawn);
    assert.notDeepEqual(planTrials(sweep({ over, method: 'random', samples: 200, seed: 1 }), whole), drawn);
    assert.equal(new Set(drawn.map((each) => JSON.stringify(each))).size, 200);
    for (const { lr, r } of drawn) {
      assert.ok(Number(lr) >= 1e-5 && Number(lr) <= 1e-2);
      assert.ok(Number.isInteger(r) && Number(r) >= 1 && Number(r) <= 64);
    }
    // By its logarithm: each of the three decades gets about a third (six standard deviations are 0.2).
    const share = drawn.filter(({ lr }) => Number(lr) < 1e-4).length / 200;
    assert.ok(Math.abs(share - 1 / 3) < 0.2, String(share));
  });

  it('gives all there are where more samples are asked for', () => {
    const over = { a: [1, 2], b: [true, false] };
    assert.equal(planTrials(sweep({ over, method: 'random', samples: 50 }), none).length, 4);
  });
});

describe('planRungs', () => {
  const rounds = (...args: Parameters<typeof planRungs>) =>
    planRungs(...args).map(({ count, until }) => [count, until(270)]);

  it('lets one in eta go on for eta times as long, the last ones to their end', () => {
    assert.deepEqual(rounds(27, 3, undefined), [
      [27, 10],
      [9, 30],
      [3, 90],
      [1, 270],
    ]);
    assert.deepEqual(rounds(10, 3, 5), [
      [10, 5],
      [3, 15],
      [1, 270],
    ]);
    assert.deepEqual(rounds(2, 3, undefined), [
      [2, 90],
      [1, 270],
    ]);
    assert.deepEqual(rounds(1, 3, undefined), [[1, 270]]);
  });

  it('never asks for more steps than there are', () => {
    assert.deepEqual(rounds(9, 3, 200), [
      [9, 200],
      [3, 270],
      [1, 270],
    ]);
  });
});
