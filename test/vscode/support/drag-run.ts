import type { Locator } from 'playwright-core';
import { until } from './until.ts';
import type { Workbench } from './workbench.ts';

/**
 * Drags a run from the Runs view onto the active group of editors, as a hand does it: it lets go when the editors show where the run
 * falls, and tries again until that brings what it is for.
 * @param brings what shows afterwards
 */
export async function dragRun(window: Workbench, name: string, brings: Locator): Promise<void> {
  const { page } = window;
  const mark = page.locator('#monaco-workbench-editor-drop-overlay');
  await window.bring(brings, async () => {
    await window.run(name).hover();
    await page.mouse.down();
    const box = await until('there are editors', () =>
      page
        .locator('.editor-group-container.active')
        .boundingBox()
        .then((found) => found ?? undefined),
    );
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    for (let i = 0; i < 50 && !(await mark.isVisible()); i++) {
      await page.mouse.move(x + (i % 10), y, { steps: 3 });
      await page.waitForTimeout(50);
    }
    await page.mouse.move(x, y + 5, { steps: 3 });
    await page.mouse.up();
  });
}
