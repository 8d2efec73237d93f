import assert from 'node:assert/strict';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { ComparePage } from './support/compare-panel.ts';
import { faintTexts } from './support/contrast.ts';
import { recordEvaluation } from './support/record-evaluation.ts';
import { readTheme, THEMES } from './support/themes.ts';

/** WCAG 2.2, 1.4.3. */
const TEXT = 4.5;

describe('the comparison panel in the themes of VS Code', () => {
  const workspace = temporaryFolder();
  let panel: ComparePage;

  before(async () => {
    const { dir } = recordEvaluation(workspace.path, { rows: 60 });
    panel = await ComparePage.open(await sharedBrowser(), dir);
  });

  after(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  for (const theme of THEMES)
    it(`${theme}: every text can be read`, async () => {
      await panel.setTheme(readTheme(theme));
      await panel.page.locator('.keys summary').click();
      assert.deepEqual(await faintTexts(panel.page, TEXT), [], 'the list of keys');
      await panel.page.locator('.keys summary').click();
      for (const tab of ['Numbers', 'Votes', 'Rows']) {
        await panel.page.getByRole('button', { name: tab, exact: true }).click();
        await panel.settle();
        assert.deepEqual(await faintTexts(panel.page, TEXT), [], tab);
      }
      await panel.screenshot(`compare-${theme}`);
    });

  it('nothing is cut off in a narrow editor', async () => {
    await panel.page.setViewportSize({ width: 420, height: 800 });
    for (const tab of ['Numbers', 'Votes', 'Rows']) {
      await panel.page.getByRole('button', { name: tab, exact: true }).click();
      await panel.settle();
      const needed = await panel.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(needed <= 420, `${tab} needs ${needed} pixels.`);
    }
  });
});
