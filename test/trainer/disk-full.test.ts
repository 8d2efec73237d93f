import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { fixtureFolder } from './support/fixture.ts';
import { resolvedRun } from './support/resolved-run.ts';

const CHILD = join(import.meta.dirname, 'support', 'disk-full-child.ts');

describe('a disk that fills up while a run trains', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  it('ends the run with a clear error; the checkpoints from before are whole, and nothing half-written is left', function () {
    this.timeout(300_000);
    // A private mount of two megabytes in a user namespace of its own: needs no root, but a kernel that permits it.
    if (spawnSync('unshare', ['-rm', 'true']).status !== 0) {
      process.stdout.write('    skipped: this system permits no mounts in user namespaces\n');
      return this.skip();
    }
    const folder = fixtureFolder('bert-classifier');
    const config = join(workspace.path, 'run.json');
    const run = resolvedRun({
      base: folder,
      train: join(folder, 'train.csv'),
      numLabels: 5,
      arguments: { max_steps: 50, save_steps: 1 },
    });
    writeFileSync(config, JSON.stringify(run));
    const small = 'mount -t tmpfs -o size=2m tmpfs "$1" && exec "$2" "$3" "$1" "$4"';
    const args = ['-rm', 'sh', '-c', small, 'sh', newRun(workspace.path), process.execPath, CHILD, config];
    const { stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
    assert.equal(stderr, '');
    // SAFETY: the child prints this shape.
    const report = JSON.parse(stdout) as {
      code: string;
      hint: boolean;
      checkpoints: number[];
      leftovers: string[];
    };
    assert.ok(report.checkpoints.length > 0, 'the disk was full before the first checkpoint');
    assert.deepEqual(report, {
      code: 'run/disk-full',
      hint: true,
      checkpoints: report.checkpoints.map((_, i) => i + 1),
      leftovers: [],
    });
  });
});
