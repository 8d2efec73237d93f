import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { mock } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { RUN_FILES } from '../../protocol/run.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../runs/testing/fixtures.ts';
import { RunWriter } from '../../runs/writer.ts';
import { RunStore } from './run-store.ts';

/** How many watchers and timers this process has that keep it alive. */
function held(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'FSEventWrap' || kind === 'Timeout')
    .length;
}

describe('runs: the store', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  it('holds a watcher, a timer while a run goes on, and nothing once it is closed', async () => {
    const writer = new RunWriter(newRun(workspace.path));
    writer.event({ type: 'state', state: 'running' });
    // Mocha sets its own timer once the test has given it a turn.
    await setTimeout(10);
    const before = held();
    const store = new RunStore();
    await store.setWorkspaces([workspace.path]);
    assert.equal(store.live.length, 1);
    assert.equal(held(), before + 2, 'a watcher of the folder and the timer of the run');
    store.dispose();
    await setTimeout(10);
    assert.equal(held(), before);
    writer.close();
  });

  it('has of two runs of the same second the newer one first, whatever their ids', async () => {
    const made = (id: string, createdAt: string) => newRun(workspace.path, { id, name: 'again', createdAt });
    made('20260104T000000Z-again-ffff', '2026-01-04T00:00:00.100Z');
    made('20260104T000000Z-again-0000', '2026-01-04T00:00:00.900Z');
    made('20260104T000000Z-again-8888', '2026-01-04T00:00:00.500Z');
    const store = new RunStore();
    await store.setWorkspaces([workspace.path]);
    const again = store.runs.filter(({ name }) => name === 'again');
    store.dispose();
    assert.deepEqual(
      again.map(({ id }) => id.slice(-4)),
      ['0000', '8888', 'ffff'],
    );
  });

  it('lists the others before a run with very many events, and gives the window its turns meanwhile', async () => {
    const long = newRun(workspace.path, { name: 'long' });
    const line = (seq: number) =>
      `{"seq":${seq},"time":"2026-01-01T00:00:00.000Z","type":"metrics","split":"train","step":${seq},"epoch":0,"values":{"loss":1}}\n`;
    for (let from = 0; from < 100_000; from += 10_000)
      appendFileSync(
        join(long, RUN_FILES.events),
        Array.from({ length: 10_000 }, (_, i) => line(from + i + 1)).join(''),
      );
    newRun(workspace.path, { name: 'short' });
    const store = new RunStore();
    const told: string[][] = [];
    store.onDidChange(() => told.push(store.runs.map(({ name }) => name)));
    // Every piece takes longer than the window may be kept waiting, however fast the machine is that reads it.
    const now = Date.now;
    let later = 0;
    const clock = mock.method(Date, 'now', () => now() + (later += 20));
    let turns = 0;
    let next = setImmediate(function count() {
      turns++;
      next = setImmediate(count);
    });
    try {
      await store.setWorkspaces([workspace.path]);
    } finally {
      clearImmediate(next);
      clock.mock.restore();
    }
    assert.ok(
      told.some((names) => names.includes('short') && !names.includes('long')),
      'The short one is there first.',
    );
    assert.equal(store.get(basename(long))?.step, 100_000);
    const megabytes = Math.floor(statSync(join(long, RUN_FILES.events)).size / 2 ** 20);
    assert.ok(megabytes > 10 && turns >= megabytes, `${turns} turns in ${megabytes} megabytes of events.`);
    store.dispose();
  });

  it('finds the folder when it is made, and lets go of what is deleted', async () => {
    const folder = join(workspace.path, 'later');
    mkdirSync(folder);
    const store = new RunStore();
    await store.setWorkspaces([folder]);
    assert.equal(store.runs.length, 0);
    const dir = newRun(folder, { name: 'new' });
    for (let tries = 0; tries < 100 && store.runs.length === 0; tries++) await setTimeout(50);
    assert.deepEqual(
      store.runs.map(({ name }) => name),
      ['new'],
    );
    rmSync(dir, { recursive: true });
    await store.refresh();
    assert.equal(store.runs.length, 0);
    store.dispose();
  });
});
