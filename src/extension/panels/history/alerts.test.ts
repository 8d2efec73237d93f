import assert from 'node:assert/strict';
import { findAlerts, type Health, LossStretches } from './alerts.ts';

const LOSSES = Float64Array.from({ length: 200 }, (_, i) => 2 / (1 + i / 20) + (i % 7) / 50);

function stretchesOf(values: Iterable<number>): LossStretches {
  const stretches = new LossStretches();
  for (const value of values) stretches.push(value);
  return stretches;
}

const CALM: Health = {
  training: true,
  loss: stretchesOf(LOSSES),
  evalLoss: Float64Array.of(1, 0.8, 0.7, 0.71, 0.69),
  silence: 500,
  stepTime: 200,
};
const codes = (change: Partial<Health>) => findAlerts({ ...CALM, ...change }).map(({ code }) => code);

describe('panels: alerts', () => {
  it('leave a run alone that goes as it should', () => {
    assert.deepEqual(codes({}), []);
    assert.deepEqual(codes({ loss: stretchesOf([]), evalLoss: new Float64Array(0) }), []);
    assert.deepEqual(codes({ free: 2 ** 30, checkpoint: 2 ** 20 }), []);
  });

  it('tell a loss that diverges from a batch that was bad, and from a number that is none', () => {
    const rising = stretchesOf(LOSSES.map((value, i) => (i < 150 ? value : 5)));
    assert.deepEqual(codes({ loss: rising }), ['watch/diverges']);
    const [one] = findAlerts({ ...CALM, loss: rising });
    assert.match(one?.message ?? '', /^The loss was 0\.\d+ and is 5\.00 now/);
    const spike = stretchesOf(LOSSES.map((value, i) => (i === 199 ? 500 : value)));
    assert.deepEqual(codes({ loss: spike }), []);
    assert.deepEqual(codes({ loss: stretchesOf(LOSSES.map(() => NaN)) }), []);
  });

  it('tell evaluations that get no better', () => {
    assert.deepEqual(codes({ evalLoss: Float64Array.of(1, 0.5, 0.6, 0.6, NaN, 0.55, 0.7, 0.6) }), [
      'watch/plateau',
    ]);
    assert.deepEqual(codes({ evalLoss: Float64Array.of(1, 0.5, 0.6, 0.6, 0.55, 0.7) }), []);
  });

  it('tell a silence that is longer than steps take, while the run trains', () => {
    assert.deepEqual(codes({ silence: 90_000 }), ['watch/stalls']);
    assert.deepEqual(codes({ silence: 90_000, stepTime: 10_000 }), []);
    assert.deepEqual(codes({ silence: 90_000, training: false }), []);
  });

  it('tell a disk with no room for two more checkpoints', () => {
    assert.deepEqual(codes({ free: 30 * 2 ** 20, checkpoint: 20 * 2 ** 20 }), ['watch/disk']);
  });
});
