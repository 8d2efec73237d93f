import assert from 'node:assert/strict';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { Panel } from './support/panel.ts';
import { beginRun, finish, writeTraining } from './support/record-run.ts';

describe('where a run of the metrics panel comes from', () => {
  const workspace = temporaryFolder();

  it('stands in its head, and what it comes from is put beside it', async () => {
    const old = beginRun(workspace.path, { name: 'intents-lora' });
    writeTraining(old, { steps: 200 });
    finish(old);
    const parent = { id: old.id, as: 'restart' as const, step: 100 };
    const run = beginRun(workspace.path, { name: 'intents-longer', parent });
    writeTraining(run, { steps: 300 }, 100);
    finish(run);
    const panel = await Panel.open(await sharedBrowser(), [run.dir]);
    const { page } = panel;
    await page.getByText('Continued from step 100 of intents-lora.').waitFor();
    await page.getByRole('button', { name: 'Show Beside: intents-lora' }).press('Enter');
    await panel.settle();
    await page.getByRole('article', { name: 'Run intents-lora' }).waitFor();
    assert.equal(await page.getByRole('article').count(), 2);
    assert.equal(await page.getByRole('button', { name: /^Show Beside/ }).count(), 0);
    await panel.screenshot('metrics-origin');
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  it('that is gone is said when it is asked for', async () => {
    const parent = { id: '20260101T000000Z-gone-1a2b', as: 'duplicate' as const };
    const run = beginRun(workspace.path, { name: 'orphan', parent });
    writeTraining(run, { steps: 20 });
    finish(run);
    const panel = await Panel.open(await sharedBrowser(), [run.dir]);
    await panel.page.getByText('Copy of gone.').waitFor();
    await panel.page.getByRole('button', { name: 'Show Beside: gone' }).press('Enter');
    await panel.settle();
    await panel.page.getByText('No run with this id is in the open folders.').waitFor();
    await panel.close();
  });
});
