import assert from 'node:assert/strict';
import { LossScaler } from './loss-scaler.ts';

describe('the loss scale of mixed precision, as torch.amp.GradScaler has it', () => {
  it('begins at 65536, and is halved by a step that changed nothing', () => {
    const scaler = new LossScaler();
    assert.equal(scaler.scale, 65_536);
    scaler.update(true);
    assert.deepEqual(scaler.state, { scale: 65_536, growthTracker: 1, skipped: 0 });
    scaler.update(false);
    assert.deepEqual(scaler.state, { scale: 32_768, growthTracker: 0, skipped: 1 });
  });

  it('doubles after 2000 right steps in a row, and goes on from a checkpoint', () => {
    const scaler = new LossScaler();
    for (let step = 0; step < 1999; step++) scaler.update(true);
    assert.equal(scaler.scale, 65_536);
    const resumed = new LossScaler();
    resumed.restore(scaler.state);
    for (const each of [scaler, resumed]) {
      each.update(true);
      assert.deepEqual(each.state, { scale: 131_072, growthTracker: 0, skipped: 0 });
    }
  });
});
