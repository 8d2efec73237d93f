import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireDevice } from './acquire-device.ts';
import { DeviceQueue } from './device-queue.ts';
import { StopRequest } from './stop.ts';
import { ownRuntimeFolder, temporaryFolder } from './testing/fixtures.ts';

const CONTENDER = join(import.meta.dirname, 'testing', 'lock-contender.ts');

describe('acquireDevice', () => {
  const folder = temporaryFolder();
  const runtime = ownRuntimeFolder();
  let serial = 0;
  let device: string;

  beforeEach(() => {
    device = `test-${++serial}`;
  });

  function take(run: string, stop = new StopRequest(), reasons: string[] = []) {
    return acquireDevice(device, join(folder.path, run), {
      stop,
      onWait: (r) => reasons.push(r),
      interval: 5,
    });
  }

  it('gives a free device at once, and gives it to the next when it is released', async () => {
    const reasons: string[] = [];
    const first = await take('first', new StopRequest(), reasons);
    assert.deepEqual(reasons, []);
    const second = take('second', new StopRequest(), reasons);
    await waitUntil(() => reasons.length > 0);
    assert.deepEqual(reasons, [`Waits for ${device}, where first runs; next in line.`]);
    first?.release();
    assert.ok(await second);
  });

  it('does not wait for another device', async () => {
    await take('first');
    device = `test-${++serial}`;
    assert.ok(await take('second'));
  });

  it('leaves the queue when asked to stop while waiting', async () => {
    await take('first');
    const stop = new StopRequest();
    const second = take('second', stop);
    await waitUntil(() => new DeviceQueue(device).waiting().length === 1);
    stop.request('no longer wanted');
    assert.equal(await second, undefined);
    assert.deepEqual(new DeviceQueue(device).waiting(), []);
  });

  it('keeps the order of arrival, which can be changed', async () => {
    const first = await take('first');
    const order: string[] = [];
    const waiting = ['a', 'b', 'c'].map(async (run) => {
      const lease = await take(run);
      order.push(run);
      lease?.release();
    });
    const queue = new DeviceQueue(device);
    await waitUntil(() => queue.waiting().length === 3);
    assert.deepEqual(
      queue.waiting().map((e) => e.run),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(
      queue.move('c', 0)?.map((e) => e.run),
      ['c', 'a', 'b'],
    );
    assert.deepEqual(
      queue.move('c', 1)?.map((e) => e.run),
      ['a', 'c', 'b'],
    );
    assert.deepEqual(
      queue.move('a', 9)?.map((e) => e.run),
      ['c', 'b', 'a'],
    );
    assert.equal(queue.move('unknown', 0), undefined);
    first?.release();
    await Promise.all(waiting);
    assert.deepEqual(order, ['c', 'b', 'a']);
  });

  it('takes over from a holder that was killed', async function () {
    this.timeout(300_000);
    const holder = spawn(
      process.execPath,
      [CONTENDER, join(folder.path, 'holder'), device, join(folder.path, 'w'), '1000000'],
      {
        stdio: 'ignore',
      },
    );
    const ended = once(holder, 'exit');
    await waitUntil(
      () =>
        existsSync(join(runtime.path, `device-${device}`)) &&
        new DeviceQueue(device).lock.holder() !== undefined,
    );
    holder.kill('SIGKILL');
    await ended;
    assert.ok(await take('next'));
  });

  it('lets eight processes in one at a time, a hundred times each', async function () {
    this.timeout(600_000);
    const witness = join(folder.path, 'witness');
    const codes = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const child = spawn(
          process.execPath,
          [CONTENDER, join(folder.path, `run-${index}`), device, witness, '100'],
          {
            stdio: ['ignore', 'ignore', 'inherit'],
          },
        );
        // SAFETY: 'exit' gives the exit code, or null after a signal.
        const [code] = (await once(child, 'exit')) as [number | null];
        return code;
      }),
    );
    assert.deepEqual(
      codes,
      Array.from({ length: 8 }, () => 0),
    );
    const left = readdirSync(join(runtime.path, `device-${device}`));
    assert.deepEqual(
      left.filter((name) => !name.startsWith('holder-')),
      [],
    );
    assert.equal(left.length, 1, 'old numbers are cleared away');
  });
});

async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
