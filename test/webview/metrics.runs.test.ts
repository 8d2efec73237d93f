import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { changeMeta } from '../../src/runs/meta.ts';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { faintTexts } from './support/contrast.ts';
import { nameless } from './support/names.ts';
import { Panel } from './support/panel.ts';
import { beginRun, finish, writeTraining } from './support/record-run.ts';
import { readTheme } from './support/themes.ts';

describe('the table of 500 runs in the metrics panel', () => {
  const workspace = temporaryFolder();
  let panel: Panel;

  before(async () => {
    const dirs = Array.from({ length: 500 }, (_, i) => {
      const run = beginRun(workspace.path, { name: `run-${i}` });
      for (const step of [1, 2])
        run.writer.event({ type: 'metrics', split: 'train', step, epoch: 0, values: { loss: i + step } });
      finish(run);
      return run.dir;
    });
    panel = await Panel.open(await sharedBrowser(), dirs, { width: 1280, height: 1000 });
  });

  after(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  it('draws the rows that are seen, and leads the keyboard to every other', async () => {
    const grid = panel.page.getByRole('grid', { name: 'What differs, and how it came out' });
    const drawn = () => grid.locator('tr[data-run]').count();
    assert.equal(await grid.getAttribute('aria-rowcount'), '501');
    assert.ok((await drawn()) < 60, `${await drawn()} rows are drawn.`);
    await grid.locator('tr[data-run]').first().focus();
    await panel.page.keyboard.press('End');
    await panel.settle();
    const focused = panel.page.locator('tr[data-run]:focus');
    assert.match(await focused.innerText(), /run-499/);
    assert.equal(await focused.getAttribute('aria-rowindex'), '501');
    assert.ok((await drawn()) < 60);
    await panel.page.keyboard.press('PageUp');
    await panel.settle();
    assert.match(await focused.innerText(), /run-489/);
    // Scrolled away with the mouse it keeps the focus, and the rows of the beginning are there again.
    await grid.locator('xpath=..').evaluate((scroller) => scroller.scrollTo(0, 0));
    await panel.settle();
    await grid.getByRole('rowheader', { name: /run-3\b/ }).waitFor();
    assert.match(await focused.innerText(), /run-489/);
    await panel.screenshot('metrics-500-runs');
  });
});

describe('the table of runs in the metrics panel', () => {
  const workspace = temporaryFolder();
  const dirs: string[] = [];
  let panel: Panel;

  before(async () => {
    for (let trial = 0; trial < 6; trial++) {
      const rate = [1e-3, 3e-4, 1e-4][trial % 3] ?? 0;
      const values = { 'train.learning_rate': rate, 'method.lora.r': trial < 3 ? 8 : 16 };
      const run = beginRun(workspace.path, {
        name: `trial-${trial}`,
        config: {
          method: { lora: { r: values['method.lora.r'], lora_alpha: 16 } },
          train: { learning_rate: rate, lr_scheduler_type: trial === 4 ? 'cosine' : 'linear' },
        },
        parent: { id: '20260101T000000Z-rates-1a2b', as: 'sweep', trial, values },
      });
      writeTraining(run, { steps: 200, seed: trial + 1, floor: 0.2 + 0.1 * trial });
      if (trial === 5) run.writer.event({ type: 'error', code: 'a/b', message: 'It went wrong.' });
      finish(run);
      dirs.push(run.dir);
    }
    panel = await Panel.open(await sharedBrowser(), dirs, { width: 1280, height: 1000 });
  });

  after(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  const grid = () => panel.page.getByRole('grid', { name: 'What differs, and how it came out' });
  const names = () => grid().getByRole('rowheader').allInnerTexts();
  const said = () => panel.page.getByRole('status').innerText();
  const row = (name: string) => grid().getByRole('row', { name });
  const drawn = async () => {
    const labels = panel.page.getByRole('figure', { name: 'Learning rate' }).locator('.legend .label');
    return (await labels.allInnerTexts()).map((text) => text.replace(' train', ''));
  };

  it('has the parameters that differ and how each run came out, and names for all of it', async () => {
    const heads = await grid().getByRole('columnheader').allInnerTexts();
    assert.deepEqual(
      heads.map((text) => text.trim()),
      [
        ...['Drawn', 'Run', 'State', 'r', 'learning_rate', 'lr_scheduler_type'],
        ...['Eval loss', 'Eval accuracy', 'Eval macro-f1', 'Loss', 'Tokens per second'],
      ],
    );
    assert.match(await row('trial-4').innerText(), /finished\s+16\s+0\.0003\s+cosine\s+0\.\d+\s+[\d.]+ %/);
    assert.match(await row('trial-5').innerText(), /error/);
    assert.deepEqual(await nameless(panel.page), []);
  });

  it('is sorted by its heads and filtered by words and comparisons', async () => {
    const head = grid().getByRole('columnheader', { name: 'learning_rate' });
    await head.getByRole('button').press('Enter');
    await panel.settle();
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    assert.deepEqual((await names()).slice(0, 2).map(trialOf), [2, 5]);
    await panel.page.getByRole('searchbox', { name: 'Filter' }).fill('r=16 eval_loss<0.75');
    await panel.settle();
    assert.deepEqual((await names()).map(trialOf), [4, 3]);
    assert.equal(await said(), '2 of 6 runs fit.');
    await panel.page.getByRole('searchbox', { name: 'Filter' }).fill('colour=red');
    await panel.page.getByText('No column is called colour.').first().waitFor();
    await panel.page.getByRole('searchbox', { name: 'Filter' }).fill('');
    await head.getByRole('button').click();
    await head.getByRole('button').click();
    await panel.settle();
    assert.deepEqual((await names()).map(trialOf), [0, 1, 2, 3, 4, 5]);
  });

  it('draws and hides runs by keyboard, one key after the other at any speed', async () => {
    const { page } = panel;
    await grid().getByRole('row', { name: 'trial-0' }).focus();
    // All in one turn: no frame is drawn between them.
    await press('ArrowDown', ' ', 'ArrowDown', ' ', 'ArrowDown', ' ');
    await panel.settle();
    assert.deepEqual((await drawn()).map(trialOf), [0, 4, 5]);
    assert.equal(await said(), 'trial-3 is hidden.');
    assert.equal(await row('trial-3').getAttribute('aria-selected'), 'false');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent?.includes('trial-3')), true);
    await press('End', 'o');
    await panel.settle();
    assert.deepEqual(
      await page.getByRole('figure', { name: 'Loss' }).locator('.legend .number').allInnerTexts(),
      ['6', '6'],
    );
    await page.getByRole('button', { name: 'Draw all runs' }).press('Enter');
    await panel.settle();
    assert.equal((await drawn()).length, 6);
  });

  it('says so when no run is drawn, and keeps that over a reload', async () => {
    const { page } = panel;
    for (let trial = 0; trial < 6; trial++)
      await page.getByRole('checkbox', { name: `Draw trial-${trial}` }).click();
    await panel.settle();
    await page.getByText('No run is drawn.').waitFor();
    await page.reload();
    await panel.settle();
    await page.getByText('No run is drawn.').waitFor();
    await page.getByRole('button', { name: 'Draw all runs' }).click();
    await panel.settle();
    assert.equal((await drawn()).length, 6);
  });

  it('pins a run, which then stands before the others', async () => {
    const [, , , dir = ''] = dirs;
    await grid().getByRole('row', { name: 'trial-3' }).focus();
    await press('p');
    await panel.settle();
    assert.deepEqual(panel.received.at(-1), { type: 'command', command: 'pin', runId: basename(dir) });
    changeMeta(dir, { pinned: true });
    await panel.push();
    assert.equal(trialOf((await names())[0] ?? ''), 3);
    assert.equal(
      await panel.page.evaluate(() => document.activeElement?.textContent?.includes('trial-3')),
      true,
    );
    await press('p');
    await panel.settle();
    assert.deepEqual(panel.received.at(-1), { type: 'command', command: 'unpin', runId: basename(dir) });
    changeMeta(dir, { pinned: false });
    await panel.push();
  });

  it('has parallel coordinates that keys and the pointer brush', async () => {
    const { page } = panel;
    const least = page.getByRole('slider', { name: 'Least learning_rate' });
    await least.focus();
    assert.equal(await least.getAttribute('aria-valuetext'), '0.0001');
    await page.keyboard.press('ArrowUp');
    await panel.settle();
    assert.equal(await least.getAttribute('aria-valuetext'), '0.0003');
    assert.equal(await said(), '4 of 6 runs fit.');
    assert.deepEqual((await names()).map(trialOf), [0, 1, 3, 4]);
    await page.getByRole('button', { name: 'Draw these alone: the runs that fit' }).click();
    await panel.settle();
    assert.equal((await drawn()).length, 4);
    await page.getByRole('button', { name: 'Draw all runs' }).click();
    await least.press('Escape');
    await panel.settle();
    assert.equal((await names()).length, 6);

    const axis = page.locator('.parallel .hit').first();
    await axis.scrollIntoViewIfNeeded();
    const box = await axis.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y - 2 + box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await panel.settle();
    assert.deepEqual((await names()).map(trialOf), [0, 1, 2]);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await panel.settle();
    assert.equal((await names()).length, 6);
  });

  for (const theme of ['dark-2026', 'light-2026', 'high-contrast'] as const)
    it(`can be read in ${theme}`, async () => {
      await panel.setTheme(readTheme(theme));
      await panel.page.getByRole('slider', { name: 'Largest r' }).press('ArrowDown');
      await panel.page.getByRole('checkbox', { name: 'Draw trial-1' }).click();
      await panel.settle();
      assert.deepEqual(await faintTexts(panel.page, 4.5), []);
      await panel.screenshot(`runs-${theme}`);
      await panel.page.getByRole('slider', { name: 'Largest r' }).press('Escape');
      await panel.page.getByRole('button', { name: 'Draw all runs' }).click();
      await panel.settle();
    });

  it('fits a narrow panel', async () => {
    await panel.page.setViewportSize({ width: 420, height: 800 });
    await panel.settle();
    const needed = await panel.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(needed <= 420, `It needs ${needed} pixels.`);
  });

  /** Presses keys one after the other within one turn of the page. */
  async function press(...keys: string[]): Promise<void> {
    await panel.page.evaluate((pressed) => {
      for (const key of pressed)
        document.activeElement?.dispatchEvent(
          new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
        );
    }, keys);
  }

  function trialOf(text: string): number {
    return Number(/trial-(\d)/.exec(text)?.[1]);
  }
});
