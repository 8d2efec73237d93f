import assert from 'node:assert/strict';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { faintTexts, lineContrasts } from './support/contrast.ts';
import { Panel } from './support/panel.ts';
import { beginRun, evaluationOf, finish, writeTraining } from './support/record-run.ts';
import { readTheme, THEMES } from './support/themes.ts';

/** WCAG 2.2: 1.4.3 for text, 1.4.11 for what is drawn. */
const TEXT = 4.5;
const GRAPHICS = 3;

describe('the metrics panel in the themes of VS Code', () => {
  const workspace = temporaryFolder();
  let dirs: string[];

  before(() => {
    const live = beginRun(workspace.path, { name: 'live' });
    writeTraining(live, { steps: 60, total: 100, nanAt: [30] });
    live.writer.event({ type: 'warning', code: 'a/b', message: 'A warning.', hint: 'A hint.' });
    live.writer.close();
    const failed = beginRun(workspace.path, { name: 'failed' });
    writeTraining(failed, { steps: 40, total: 100, seed: 2 });
    failed.writer.event({ type: 'error', code: 'c/d', message: 'An error.' });
    failed.writer.event({
      type: 'evaluation',
      name: 'test',
      result: evaluationOf({ base: 0.1, tuned: 0.9 }, 100),
    });
    failed.writer.event({ type: 'state', state: 'failed' });
    failed.writer.close();
    dirs = [live.dir, failed.dir];
  });

  for (const theme of THEMES)
    it(`${theme}: every text can be read and every line seen`, async () => {
      const panel = await Panel.open(await sharedBrowser(), dirs, { theme, width: 1400 });
      assert.deepEqual(await faintTexts(panel.page, TEXT), []);
      const lines = await lineContrasts(panel.page);
      assert.ok(
        lines.every((ratio) => ratio >= GRAPHICS),
        `Contrasts of the lines: ${lines.map((ratio) => ratio.toFixed(2)).join(', ')}`,
      );
      await panel.page.getByRole('button', { name: 'Table' }).click();
      await panel.settle();
      assert.deepEqual(await faintTexts(panel.page, TEXT), []);
      assert.deepEqual(panel.complaints, []);
      await panel.screenshot(`theme-${theme}`);
      await panel.close();
    });

  it('charts follow when the theme changes', async () => {
    const run = beginRun(workspace.path, { name: 'changing' });
    writeTraining(run, { steps: 60 });
    finish(run);
    const panel = await Panel.open(await sharedBrowser(), [run.dir]);
    const canvas = panel.page.getByRole('figure', { name: 'Loss' }).locator('canvas');
    const before = await canvas.screenshot();
    await panel.setTheme(readTheme('light'));
    const after = await canvas.screenshot();
    assert.ok(!before.equals(after));
    const line = await panel.page.evaluate(() => {
      const chart = document.querySelector('#chart-loss ~ tunebook-chart canvas');
      if (!(chart instanceof HTMLCanvasElement)) throw new Error('There is no chart.');
      const data = chart.getContext('2d')?.getImageData(0, 0, chart.width, chart.height).data ?? [];
      let blue = 0;
      for (let i = 0; i < data.length; i += 4)
        if ((data[i + 2] ?? 0) > 150 && (data[i] ?? 0) < 60 && data[i + 3] === 255) blue++;
      return blue;
    });
    assert.ok(line > 100, 'The line has the blue of the light theme.');
    await panel.close();
  });

  for (const width of [400, 1400])
    it(`nothing is cut off at ${width} pixels`, async () => {
      const panel = await Panel.open(await sharedBrowser(), dirs, { width });
      for (const view of ['Charts', 'Table']) {
        await panel.page.getByRole('button', { name: view }).click();
        await panel.settle();
        const needed = await panel.page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(needed <= width, `${view} needs ${needed} pixels.`);
      }
      await panel.close();
    });
});
