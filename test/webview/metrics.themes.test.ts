import assert from 'node:assert/strict';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { faintTexts, lineContrasts } from './support/contrast.ts';
import { Panel } from './support/panel.ts';
import { beginRun, evaluationOf, writeTraining } from './support/record-run.ts';
import { readTheme, THEMES } from './support/themes.ts';

/** WCAG 2.2: 1.4.3 for text, 1.4.11 for what is drawn. */
const TEXT = 4.5;
const GRAPHICS = 3;

describe('the metrics panel in the themes of VS Code', () => {
  const workspace = temporaryFolder();
  let panel: Panel;

  before(async () => {
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
    panel = await Panel.open(await sharedBrowser(), [live.dir, failed.dir], {
      theme: THEMES[0],
      width: 1400,
    });
  });

  after(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  for (const theme of THEMES)
    it(`${theme}: every text can be read and every line seen`, async () => {
      await panel.setTheme(readTheme(theme));
      for (const view of ['Table', 'Charts']) {
        await panel.page.getByRole('button', { name: view }).click();
        await panel.settle();
        assert.deepEqual(await faintTexts(panel.page, TEXT), [], view);
      }
      const lines = await lineContrasts(panel.page);
      assert.ok(
        lines.every((ratio) => ratio >= GRAPHICS),
        `Contrasts of the lines: ${lines.map((ratio) => ratio.toFixed(2)).join(', ')}`,
      );
    });

  for (const width of [1400, 400])
    it(`nothing is cut off at ${width} pixels`, async () => {
      await panel.page.setViewportSize({ width, height: 800 });
      for (const view of ['Table', 'Charts']) {
        await panel.page.getByRole('button', { name: view }).click();
        await panel.settle();
        const needed = await panel.page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(needed <= width, `${view} needs ${needed} pixels.`);
      }
    });

  it('charts follow when the theme changes', async () => {
    const canvas = panel.page.getByRole('figure', { name: 'Loss' }).locator('canvas');
    await panel.setTheme(readTheme('dark'));
    const before = await canvas.screenshot();
    await panel.setTheme(readTheme('light'));
    assert.ok(!before.equals(await canvas.screenshot()));
    const line = await panel.page.evaluate(() => {
      const chart = document.querySelector('#plot-loss canvas');
      if (!(chart instanceof HTMLCanvasElement)) throw new Error('There is no chart.');
      const data = chart.getContext('2d')?.getImageData(0, 0, chart.width, chart.height).data ?? [];
      let blue = 0;
      for (let i = 0; i < data.length; i += 4)
        if ((data[i + 2] ?? 0) > 150 && (data[i] ?? 0) < 60 && data[i + 3] === 255) blue++;
      return blue;
    });
    assert.ok(line > 100, 'The line has the blue of the light theme.');
  });
});
