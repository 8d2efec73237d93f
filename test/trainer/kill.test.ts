import assert from 'node:assert/strict';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { killRounds } from './support/kill-rounds.ts';

describe('a trainer that is killed', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  it('ten times at random moments, inside of checkpoints too, ends with the very same weights and events', async function () {
    this.timeout(240_000);
    const report = await killRounds(workspace.path, { rounds: 10, seed: 7 });
    assert.equal(report.kills, 10);
    assert.ok(report.insideCheckpoints > 0, 'no kill hit the writing of a checkpoint');
    assert.ok(report.beforeSteps > 0, 'no kill hit the start');
    assert.ok(report.finished > 0);
  });
});
