import assert from 'node:assert/strict';
import { join } from 'node:path';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import type { RunEventBody } from '../../src/protocol/events.ts';
import { sharedBrowser } from './support/browser.ts';
import { Panel } from './support/panel.ts';
import { beginRun, writeTraining } from './support/record-run.ts';

describe('the metrics panel when there is nothing to draw', () => {
  const workspace = temporaryFolder();
  let panel: Panel;

  afterEach(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  const cases: [name: string, events: RunEventBody[], says: RegExp][] = [
    [
      'queued',
      [{ type: 'state', state: 'queued', reason: 'Waiting for the CPU: intents-full is on it.' }],
      /queued[^]*Waiting for the CPU: intents-full is on it\.[^]*waits for its device/,
    ],
    [
      'before the first step',
      [{ type: 'state', state: 'running' }],
      /running[^]*No numbers yet\. The charts appear after the first training step\./,
    ],
    [
      'failed before the first step',
      [
        { type: 'error', code: 'data/missing-column', message: 'There is no column text.', hint: 'Name it.' },
        { type: 'state', state: 'failed' },
      ],
      /failed[^]*Error: There is no column text\.\s+Name it\.[^]*nothing to draw\. The log says/,
    ],
  ];
  for (const [name, events, says] of cases)
    it(name, async () => {
      const run = beginRun(workspace.path, { name: 'empty' });
      for (const event of events) run.writer.event(event);
      panel = await Panel.open(await sharedBrowser(), [run.dir]);
      assert.match(await panel.page.locator('main').innerText(), says);
      run.writer.close();
    });

  it('without a run it says so and offers to choose one', async () => {
    panel = await Panel.open(await sharedBrowser(), []);
    assert.match(await panel.page.locator('main').innerText(), /shows no run/);
    await panel.page.getByRole('button', { name: 'Choose Runs' }).click();
    await panel.settle();
    assert.deepEqual(panel.received.at(-1), { type: 'compare' });
  });

  it('a run whose folder is gone says where it was', async () => {
    const dir = join(workspace.path, '.tunebook/runs/20260101T000000Z-gone-1a2b');
    panel = await Panel.open(await sharedBrowser(), [dir]);
    const text = await panel.page.locator('main').innerText();
    assert.ok(text.includes(`Its folder is no longer there: ${dir}. It was deleted or moved.`), text);
    assert.equal(await panel.page.getByRole('button', { name: 'Stop' }).count(), 0);
  });

  it('a run that lost its process keeps its charts and says so', async () => {
    const run = beginRun(workspace.path, { name: 'lost' });
    writeTraining(run, { steps: 20, total: 100 });
    run.writer.close();
    run.forgetProcess();
    panel = await Panel.open(await sharedBrowser(), [run.dir]);
    assert.match(
      await panel.page.locator('main').innerText(),
      /lost[^]*Its process ended without saying so\./,
    );
    await panel.page.getByRole('figure', { name: 'Loss' }).waitFor();
  });

  it('survives a reload of its page: state, and everything is sent again', async () => {
    const run = beginRun(workspace.path, { name: 'again' });
    writeTraining(run, { steps: 50 });
    panel = await Panel.open(await sharedBrowser(), [run.dir]);
    await panel.page.getByRole('checkbox', { name: 'Log y axis' }).click();
    await panel.page.getByRole('slider', { name: 'Smoothing' }).fill('0.5');
    await panel.settle();
    await panel.page.reload();
    await panel.settle();
    assert.equal(
      await panel.page.getByRole('checkbox', { name: 'Log y axis' }).getAttribute('aria-checked'),
      'true',
    );
    assert.equal(await panel.page.getByRole('slider', { name: 'Smoothing' }).inputValue(), '0.5');
    assert.match(await panel.page.getByRole('figure', { name: 'Loss' }).innerText(), /at step 50/);
    const ready = panel.received.findLast(({ type }) => type === 'ready');
    assert.ok(ready?.type === 'ready' && ready.view.smoothing === 0.5);
    run.writer.close();
  });
});
