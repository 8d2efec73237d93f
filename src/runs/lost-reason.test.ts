import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { machineOf } from '../../test/support/machine-of.ts';
import type { RunProcess } from '../protocol/run.ts';
import { lostReason } from './lost-reason.ts';
import { thisProcess } from './process.ts';
import { readProcess, readRun } from './read.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from './testing/fixtures.ts';
import { RunWriter } from './writer.ts';

const ENDLESS_WRITER = join(import.meta.dirname, 'testing', 'endless-writer.ts');
const GIB = 2 ** 30;
const SILENT = 'Its process ended without saying so.';

describe('the reason of a run whose process is gone', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();

  /** A run whose process was killed by the system, on a machine with so much memory. */
  async function killed(dir: string, memory: number): Promise<void> {
    const env = { ...process.env, NODE_OPTIONS: machineOf(memory) };
    const child = spawn(process.execPath, [ENDLESS_WRITER, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await ended;
  }

  it('tells of memory where the last reading of a killed process was nearly all there is', async () => {
    const dir = newRun(folder.path);
    // Less than a process of Node has: all of it is in use.
    await killed(dir, 30 * 2 ** 20);
    const { state, reason } = readRun(dir);
    assert.equal(state, 'lost');
    assert.equal(
      reason,
      'Its process was killed, or the machine went down. Its last reading was 30.0 MiB of 30.0 MiB of memory in use, so the system may have ended it for want of memory: lower per_device_train_batch_size or set gradient_checkpointing: true.',
    );
  });

  it('tells of it where the run had been warned, until another process goes on with it', async () => {
    const dir = newRun(folder.path);
    const warned = new RunWriter(dir);
    warned.event({ type: 'state', state: 'preparing' });
    warned.event({ type: 'warning', code: 'run/memory-tight', message: 'It is tight.' });
    warned.close();
    await killed(dir, 1024 * GIB);
    const { memory } = readProcess(dir)!;
    assert.ok(memory!.used < 0.9 * memory!.total, 'this machine has too little memory free for this test');
    assert.match(
      readRun(dir).reason ?? '',
      /^Its process was killed, .* It had been told that it needs more memory than was free, so the system may/,
    );
    const resumed = new RunWriter(dir);
    resumed.event({ type: 'state', state: 'preparing' });
    resumed.close();
    await killed(dir, 1024 * GIB);
    assert.equal(readRun(dir).reason, SILENT);
  });

  it('is no other than that it said nothing where memory was left, or nobody looked', () => {
    const process: RunProcess = { ...thisProcess(), heartbeat: '' };
    const reason = (used: number, kind: 'run' | 'evaluate' = 'run') =>
      lostReason({ kind, process: { ...process, memory: { used, total: 24 * GIB } }, warnedOfMemory: false });
    assert.equal(reason(21.5 * GIB), SILENT);
    assert.match(reason(22.1 * GIB), /22\.1 GiB of 24\.0 GiB of memory in use/);
    assert.match(
      reason(22.1 * GIB, 'evaluate'),
      /: end what else needs memory, or evaluate a smaller model\.$/,
    );
    assert.equal(lostReason({ kind: 'run', process, warnedOfMemory: false }), SILENT);
    assert.equal(lostReason({ kind: 'run', process: undefined, warnedOfMemory: false }), SILENT);
  });
});
