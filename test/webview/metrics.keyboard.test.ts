import assert from 'node:assert/strict';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { Panel } from './support/panel.ts';
import { beginRun, writeTraining, type RecordedRun } from './support/record-run.ts';

describe('the metrics panel by keyboard', () => {
  const workspace = temporaryFolder();
  let run: RecordedRun;
  let panel: Panel;

  before(async () => {
    run = beginRun(workspace.path, { name: 'intents-lora' });
    writeTraining(run, { steps: 200, total: 1000 });
    panel = await Panel.open(await sharedBrowser(), [run.dir]);
  });

  after(async () => {
    await panel.close();
    run.writer.close();
  });

  it('everything is reached in the order of reading, and the focus is seen', async () => {
    const { page } = panel;
    const names: string[] = [];
    for (let i = 0; i < 19; i++) {
      await page.keyboard.press('Tab');
      names.push(await focusedName());
      assert.ok(await focusIsSeen(), `The focus on ${names.at(-1)} is not seen.`);
    }
    assert.deepEqual(names.slice(0, 15), [
      'Stop intents-lora',
      'Open Folder of intents-lora',
      'Show Log of intents-lora',
      'Charts',
      'Table',
      'Smoothing',
      'By',
      'Log x axis',
      'Log y axis',
      'Leave out outliers',
      'Export Charts as PNG or SVG',
      'Export CSV',
      'Compare Runs',
      'Export Loss as PNG or SVG',
      'Loss by step',
    ]);
  });

  it('a chart is read value by value', async () => {
    const plot = panel.page.getByRole('slider', { name: 'Loss by step' });
    await plot.focus();
    await panel.page.keyboard.press('Home');
    assert.match((await plot.getAttribute('aria-valuetext')) ?? '', /^Step 1: train 2\.\d+, eval no value$/);
    await panel.page.keyboard.press('ArrowRight');
    assert.match((await plot.getAttribute('aria-valuetext')) ?? '', /^Step 2: /);
    await panel.page.keyboard.press('End');
    await panel.page.keyboard.press('ArrowLeft');
    assert.match((await plot.getAttribute('aria-valuetext')) ?? '', /^Step 199: /);
    assert.match(await panel.page.getByRole('figure', { name: 'Learning rate' }).innerText(), /step 199/);
  });

  it('a chart is zoomed, which asks the host for that stretch, and shown whole again', async () => {
    const { page } = panel;
    await page.getByRole('slider', { name: 'Loss by step' }).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('+');
    await panel.settle();
    const asked = panel.received.at(-1);
    assert.ok(asked?.type === 'view');
    const [from, to] = asked.view.range ?? [];
    assert.ok(
      from !== undefined && to !== undefined && to - from < 120 && to > 40,
      `Asked for ${from} to ${to}.`,
    );
    assert.equal(await page.getByRole('status').innerText(), `Steps ${from} to ${to}.`);
    assert.equal(await page.getByRole('button', { name: 'Show All Steps' }).count(), 1);
    const plot = page.getByRole('slider', { name: 'Gradient norm by step' });
    assert.equal(await plot.getAttribute('aria-valuemax'), String(to));
    await page.keyboard.press('Escape');
    await panel.settle();
    assert.equal(await page.getByRole('button', { name: 'Show All Steps' }).count(), 0);
    assert.equal(await plot.getAttribute('aria-valuemax'), '200');
  });

  it('keys go as far on a logarithmic axis as the eye sees', async () => {
    const { page } = panel;
    const box = page.getByRole('checkbox', { name: 'Log x axis' });
    await box.press('Space');
    await panel.settle();
    await page.getByRole('slider', { name: 'Loss by step' }).focus();
    await page.keyboard.press('Home');
    for (let i = 0; i < 5; i++) await page.keyboard.press('PageUp');
    await page.keyboard.press('+');
    await panel.settle();
    const asked = panel.received.at(-1);
    assert.ok(asked?.type === 'view');
    // A tenth of the way is a factor of 200^0.1, and one step at least: 2 · 200^0.4 is 16.6, and a factor of 200^0.25 on either side 4.4 and 62.6.
    assert.deepEqual(asked.view.range, [4, 63]);
    await page.keyboard.press('-');
    await page.keyboard.press('-');
    await panel.settle();
    const farther = panel.received.at(-1);
    assert.ok(farther?.type === 'view');
    const [from, to] = farther.view.range ?? [];
    assert.ok(from === 0 && to !== undefined && to > 200, `Asked for ${from} to ${to}.`);
    await page.keyboard.press('+');
    await panel.settle();
    assert.deepEqual(panel.complaints, []);
    await page.keyboard.press('Escape');
    await box.press('Space');
    await panel.settle();
  });

  it('loses no key, however fast they come', async () => {
    const { page } = panel;
    await page.getByRole('slider', { name: 'Loss by step' }).focus();
    // Within one turn, so that nothing is drawn between them.
    await page.evaluate(() => {
      for (const key of ['Home', 'PageUp', '+', '+', '+'])
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    });
    await panel.settle();
    const asked = panel.received.at(-1);
    assert.ok(asked?.type === 'view');
    const [from = 0, to = Infinity] = asked.view.range ?? [];
    assert.ok(to - from <= 35, `Three times zoomed in it shows ${from} to ${to}.`);
    await page.keyboard.press('Escape');
    await panel.settle();
  });

  it('the slider changes the smoothing and the box the scale', async () => {
    const { page } = panel;
    await page.getByRole('slider', { name: 'Smoothing' }).focus();
    await page.keyboard.press('Home');
    await panel.settle();
    const asked = panel.received.at(-1);
    assert.ok(asked?.type === 'view' && asked.view.smoothing === 0);
    assert.equal(await page.getByText(/smoothed 0/).count(), 0);
    await page.keyboard.press('End');
    await panel.settle();
    assert.ok((await page.getByText(/smoothed \d/).count()) > 0);

    await page.getByRole('checkbox', { name: 'Log y axis' }).focus();
    const before = await page.getByRole('figure', { name: 'Loss' }).locator('canvas').screenshot();
    await page.keyboard.press('Space');
    await panel.settle();
    assert.equal(
      await page.getByRole('checkbox', { name: 'Log y axis' }).getAttribute('aria-checked'),
      'true',
    );
    const after = await page.getByRole('figure', { name: 'Loss' }).locator('canvas').screenshot();
    assert.ok(!before.equals(after));
  });

  it('buttons ask the host', async () => {
    for (const [name, command] of [
      ['Stop intents-lora', 'stop'],
      ['Open Folder of intents-lora', 'openFolder'],
      ['Show Log of intents-lora', 'showLog'],
    ] as const) {
      await panel.page.getByRole('button', { name }).focus();
      await panel.page.keyboard.press('Enter');
      await panel.settle();
      assert.deepEqual(panel.received.at(-1), { type: 'command', command, runId: run.id });
    }
    await panel.page.getByRole('button', { name: 'Compare Runs' }).press('Space');
    await panel.settle();
    assert.deepEqual(panel.received.at(-1), { type: 'compare' });
    assert.deepEqual(panel.complaints, []);
  });

  async function focusedName(): Promise<string> {
    return panel.page.evaluate(() => {
      const element = document.activeElement;
      const isField = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
      const label = isField ? element.labels?.[0]?.textContent : undefined;
      return element?.getAttribute('aria-label') ?? label ?? element?.textContent?.trim() ?? '';
    });
  }

  /** By an outline, or by the border that the toolkit's checkbox uses. */
  async function focusIsSeen(): Promise<boolean> {
    return panel.page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      if (!element) return false;
      const focus = getComputedStyle(document.body).getPropertyValue('--vscode-focusBorder');
      const probe = document.createElement('span');
      probe.style.color = focus;
      document.body.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      const box = getComputedStyle(element.shadowRoot?.querySelector('.control') ?? element);
      const { outlineStyle, outlineColor } = getComputedStyle(element);
      return (outlineStyle !== 'none' && outlineColor === color) || box.borderColor === color;
    });
  }
});
