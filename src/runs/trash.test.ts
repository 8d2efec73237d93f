import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findLeftovers } from './leftovers.ts';
import { listRuns } from './list.ts';
import { emptyTrash, listTrash, removeRun, restoreRun } from './trash.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from './testing/fixtures.ts';
import { runsFolder } from './workspace.ts';
import { RunWriter } from './writer.ts';

/** A run that has ended. */
function endedRun(workspace: string): string {
  const dir = newRun(workspace);
  const writer = new RunWriter(dir);
  writer.event({ type: 'state', state: 'finished' });
  writer.close();
  return dir;
}

describe('removing a run', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();

  it('can be undone, and nothing of it is lost', () => {
    const dir = endedRun(folder.path);
    mkdirSync(join(dir, 'output'));
    writeFileSync(join(dir, 'output', 'weights'), 'abc');
    removeRun(dir);
    assert.deepEqual(listRuns(folder.path), []);
    const [removed] = listTrash(folder.path);
    assert.equal(removed?.id, basename(dir));
    assert.ok(removed && removed.bytes > 3);
    assert.equal(restoreRun(folder.path, basename(dir)), dir);
    assert.ok(existsSync(join(dir, 'output', 'weights')));
    assert.equal(listRuns(folder.path)[0]?.state, 'finished');
    removeRun(dir);
    emptyTrash(listTrash(folder.path));
    assert.deepEqual(listTrash(folder.path), []);
    assert.throws(() => restoreRun(folder.path, basename(dir)), { code: 'run/unknown' });
  });

  it('is refused while the run goes on, and for one that is not there', () => {
    const dir = newRun(folder.path);
    const writer = new RunWriter(dir);
    writer.event({ type: 'state', state: 'running' });
    assert.throws(() => removeRun(dir), { code: 'run/still-running' });
    writer.event({ type: 'state', state: 'stopped' });
    writer.close();
    removeRun(dir);
    assert.throws(() => removeRun(dir), { code: 'run/unknown' });
    assert.throws(() => restoreRun(folder.path, '../runs'), { code: 'run/unknown' });
  });

  it('does not write over a run that took its place', () => {
    const dir = endedRun(folder.path);
    removeRun(dir);
    mkdirSync(dir, { recursive: true });
    assert.throws(() => restoreRun(folder.path, basename(dir)), { code: 'run/exists' });
  });
});

describe('findLeftovers', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();

  it('finds what dead processes left in runs that have ended, and nothing else', () => {
    const dir = endedRun(folder.path);
    const runs = runsFolder(folder.path);
    mkdirSync(join(dir, '.checkpoint-5.new'));
    writeFileSync(join(dir, '.checkpoint-5.new', 'half'), 'xx');
    writeFileSync(join(dir, 'process.json.99-1.tmp'), 'x');
    mkdirSync(join(dir, 'checkpoint-4'));
    mkdirSync(join(runs, '.new-20260101T000000Z-a-0000-4194305'));
    mkdirSync(join(runs, `.new-20260101T000000Z-b-0000-${process.pid}`));
    const live = newRun(folder.path);
    const writer = new RunWriter(live);
    writer.event({ type: 'state', state: 'running' });
    mkdirSync(join(live, '.checkpoint-9.new'));
    assert.deepEqual(
      findLeftovers(folder.path)
        .map(({ path, bytes }) => [basename(path), bytes])
        .sort(),
      [
        ['.checkpoint-5.new', 2],
        ['.new-20260101T000000Z-a-0000-4194305', 0],
        ['process.json.99-1.tmp', 1],
      ],
    );
    writer.close();
  });
});
