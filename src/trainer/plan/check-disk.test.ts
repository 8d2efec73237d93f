import assert from 'node:assert/strict';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { resolvedRun } from '../../../test/trainer/support/resolved-run.ts';
import { checkDisk } from './check-disk.ts';

describe('the disk that a run needs', () => {
  const workspace = temporaryFolder();
  const run = resolvedRun({ base: '/base', train: 'rows.csv' });

  it('is refused where there is less, with the number of checkpoints that have room', () => {
    const checkpoint = 2 ** 20;
    const disk = { checkpoint, output: checkpoint, most: 2 ** 60 };
    assert.throws(() => checkDisk(run, { disk }, workspace.path), {
      code: 'run/disk',
      hint: /save_total_limit: \d+ }/,
    });
    const huge = { ...disk, checkpoint: 2 ** 59 };
    assert.throws(() => checkDisk(run, { disk: huge }, workspace.path), { hint: /save_strategy: no/ });
    checkDisk(run, { disk: { ...disk, most: 2 * checkpoint } }, workspace.path);
  });
});
