import assert from 'node:assert/strict';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { killRounds } from './support/kill-rounds.ts';

describe('a trainer that is killed', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  it('ten times and more at random moments, inside of checkpoints too, ends with the very same weights and events', async function () {
    this.timeout(600_000);
    const report = await killRounds(workspace.path, { rounds: 10, seed: 7 });
    assert.ok(report.kills >= 10 && report.finished > 0, JSON.stringify(report));
  });
});
