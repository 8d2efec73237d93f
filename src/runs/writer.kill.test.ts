import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvents } from './events.ts';
import { readRun } from './read.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from './testing/fixtures.ts';
import { RunWriter } from './writer.ts';

const ENDLESS_WRITER = join(import.meta.dirname, 'testing', 'endless-writer.ts');

describe('a writer killed in the middle of writing', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();

  async function writeAndKill(dir: string, milliseconds: number): Promise<void> {
    const child = spawn(process.execPath, [ENDLESS_WRITER, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    assert.equal(readRun(dir).state, 'running');
    child.kill('SIGKILL');
    await ended;
  }

  it('is called lost, loses and doubles no event, leaves whole files, and can be written on', async function () {
    this.timeout(300_000);
    const dir = newRun(folder.path);
    let known = 0;
    for (let round = 0; round < 6; round++) {
      await writeAndKill(dir, 20 + 37 * round);
      assert.equal(readRun(dir).state, 'lost');
      const seqs: number[] = [];
      let checkpoints = 0;
      for (let fromByte = 0, more = true; more;) {
        const read = readEvents(dir, { fromByte });
        assert.deepEqual(read.problems, []);
        seqs.push(...read.events.map((e) => e.seq));
        checkpoints += read.events.filter((e) => e.type === 'checkpoint').length;
        ({ more, nextByte: fromByte } = read);
      }
      assert.deepEqual(
        seqs,
        Array.from(seqs, (_, index) => index + 1),
      );
      assert.ok(seqs.length > known, 'each life adds events');
      known = seqs.length;
      if (checkpoints === 0) continue;
      const weights = readFileSync(join(dir, 'weights.bin'));
      assert.equal(weights.length, 1 << 20);
      assert.ok(
        weights.every((byte) => byte === weights[0]),
        'one write, not parts of two',
      );
    }
    const writer = new RunWriter(dir);
    assert.equal(writer.event({ type: 'state', state: 'stopped' }).seq, known + 1);
    writer.close();
  });
});

describe('a full disk', () => {
  ownRuntimeFolder();

  it('still holds the event that says so', function () {
    this.timeout(300_000);
    // A private mount of a megabyte, in a user namespace of its own: needs no root, but a kernel that permits it.
    const small = 'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" "$3" "$1"';
    const at = newRun(mountPoint.path);
    if (spawnSync('unshare', ['-rm', 'true']).status !== 0) this.skip();
    const child = spawnSync(
      'unshare',
      [
        '-rm',
        'sh',
        '-c',
        small,
        'sh',
        at,
        process.execPath,
        join(import.meta.dirname, 'testing', 'disk-filler.ts'),
      ],
      { encoding: 'utf8' },
    );
    assert.equal(child.stderr, '');
    const report: unknown = JSON.parse(child.stdout);
    assert.deepEqual(report, {
      thrown: ['run/disk-full', 'run/disk-full'],
      problems: [],
      gaps: false,
      last: ['error', 'state'],
      state: 'failed',
      leftovers: [],
    });
  });

  const mountPoint = temporaryFolder();
});
