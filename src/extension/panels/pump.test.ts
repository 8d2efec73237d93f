import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { MetricsUpdate } from '../../protocol/webview.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../runs/testing/fixtures.ts';
import { RunWriter } from '../../runs/writer.ts';
import { RunStore } from '../runs/run-store.ts';
import { MetricsFeed } from './feed.ts';
import { Pump } from './pump.ts';

/** How many watchers, timers and open files this process has that keep it alive. */
function held(): number {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => ['FSEventWrap', 'Timeout', 'Immediate', 'FSReqCallback'].includes(kind)).length;
}

/** The same at the beginning of a test; Mocha sets its own timer once the test has given it a turn. */
async function heldBefore(): Promise<number> {
  await setTimeout(10);
  return held();
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 2000, what);
    await setTimeout(10);
  }
}

describe('panels: what is read and sent while somebody looks', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  let writer: RunWriter;
  let feed: MetricsFeed;
  let updates: MetricsUpdate[];
  let pump: Pump;

  beforeEach(() => {
    const dir = newRun(workspace.path);
    writer = new RunWriter(dir);
    writer.event({ type: 'state', state: 'running' });
    feed = new MetricsFeed(() => ({ searching: false }));
    feed.setRuns([{ id: basename(dir), dir }]);
    updates = [];
    pump = new Pump(feed, (update) => updates.push(update));
  });

  afterEach(() => {
    pump.stop();
    feed.close();
    writer.close();
  });

  const metrics = (step: number) =>
    writer.event({ type: 'metrics', split: 'train', step, epoch: 0, values: { loss: 1 / step } });

  it('comes by itself while a run goes on, and leaves nothing behind once the panel is closed or hidden', async () => {
    const before = await heldBefore();
    pump.start();
    await until('the first update', () => updates.length > 0);
    metrics(1);
    await until('the loss', () => updates.some(({ series }) => series && series.length > 0));
    await until('it waits for more', () => held() === before + 1);
    pump.stop();
    await setTimeout(10);
    assert.equal(held(), before);
    const sent = updates.length;
    metrics(2);
    pump.wake();
    assert.equal(held(), before, 'Nobody looks: a change of the runs does not wake it.');
    pump.start();
    await until('it goes on where it was', () => updates.length > sent);
  });

  it('leaves nothing behind when it is closed while it reads', async () => {
    const before = await heldBefore();
    for (let step = 1; step <= 20_000; step++) metrics(step);
    pump.start();
    await until('it reads', () => updates.length > 0);
    pump.stop();
    feed.close();
    await setTimeout(10);
    assert.equal(held(), before);
  });

  it('holds no timer for runs that have ended, and is woken by the store', async () => {
    const store = new RunStore();
    await store.setWorkspaces([workspace.path]);
    const end = store.onDidChange(() => pump.wake());
    const before = await heldBefore();
    pump.start();
    await until('the first update', () => updates.length > 0);
    writer.event({ type: 'state', state: 'finished' });
    const isFinished = () =>
      updates.some(({ runs }) => runs?.some(({ summary }) => summary?.state === 'finished'));
    await until('it is finished', isFinished);
    await store.refresh();
    await until('nothing is waited for', () => held() <= before);
    end();
    store.dispose();
  });
});
