import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { claimRun } from './claim.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from './testing/fixtures.ts';

const CLAIM = join(import.meta.dirname, 'claim.ts');

describe('claimRun', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();

  /** Claims in another process, and says what came of it. */
  function elsewhere(dir: string): string {
    const program = `import { claimRun } from ${JSON.stringify(CLAIM)};
      try { claimRun(${JSON.stringify(dir)}); console.log('mine'); } catch (error) { console.log(error.code); }`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    return stdout.trim();
  }

  it('lets one process go on with a run, and the next when that has ended', () => {
    const dir = newRun(folder.path);
    const release = claimRun(dir);
    assert.equal(elsewhere(dir), 'run/already-running');
    release();
    assert.equal(elsewhere(dir), 'mine');
    assert.equal(elsewhere(dir), 'mine', 'a claim ends with its process');
  });
});
