import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dragRun } from './support/drag-run.ts';
import { EXAMPLE } from './support/example.ts';
import { inOrder } from './support/in-order.ts';
import { newestRun, processOf, resultOf } from './support/run-folder.ts';
import { readRow, rowThat } from './support/run-row.ts';
import { copyLongerExample, useSession } from './support/session.ts';
import { startByLens } from './support/start-by-lens.ts';
import { until } from './support/until.ts';

const MISSPELT = 'learning_rte';
const RIGHT = 'learning_rate';

/** What a run does while its process lives: at the end of each epoch it evaluates for a moment. */
const GOING_ON = /^(running|evaluating)$/;

describe('from a mistake in a config to the verdict of an evaluation', function () {
  this.timeout(1_500_000);
  inOrder();
  const code = useSession({ name: 'walk', fill: (workspace) => copyLongerExample(workspace, 16) });
  let config = '';

  it('opens the example, in which nothing is wrong', async () => {
    const { window, workspace } = code;
    config = readFileSync(join(workspace, EXAMPLE.config), 'utf8');
    await window.openFile(EXAMPLE.config);
    await window.lenses.first().waitFor();
    await window.screenshot('1-config');
  });

  it('underlines a misspelt field and says in its hover what is wrong', async () => {
    const { window } = code;
    await window.squiggleAfter(() => window.replaceWord(RIGHT, MISSPELT));
    const hover = await window.hover(MISSPELT, 'tune/unknown-field');
    assert.match(await hover.innerText(), /learning_rate/);
    await window.screenshot('2-squiggle-and-hover');
    await window.inThemes(async (theme) => {
      await window.hover(MISSPELT, 'tune/unknown-field');
      await window.screenshot(`2-squiggle-and-hover-${theme}`);
    });
  });

  it('is mended by completion, and then nothing is wrong', async () => {
    const { window } = code;
    await window.completeWord(MISSPELT, RIGHT, '3-completion');
    await until('no error is left', async () => (await window.squiggles().count()) === 0);
  });

  it('runs the document under the cursor from the palette, and saves the file first', async () => {
    const { window, workspace } = code;
    await window.showRuns();
    await window.goTo(config, `run: ${EXAMPLE.run}`);
    await window.command('Tunebook: Run Config');
    await window.startPlanned(EXAMPLE.run);
    await rowThat(window, EXAMPLE.run, () => true, 'is there');
    assert.equal(readFileSync(join(workspace, EXAMPLE.config), 'utf8'), config);
  });

  it('shows how far it is in the tree and in the status bar', async () => {
    const { window } = code;
    const first = await rowThat(
      window,
      EXAMPLE.run,
      ({ percent }) => percent !== undefined,
      'has a percentage',
    );
    await window.statusItem(new RegExp(`${EXAMPLE.run} \\d+ %`)).waitFor();
    await rowThat(window, EXAMPLE.run, ({ percent }) => (percent ?? 0) > (first.percent ?? 0), 'moves on');
  });

  it('draws the loss as it comes', async () => {
    const { window } = code;
    const chart = window.webview.locator('figure.chart', { hasText: /loss/i }).first();
    await chart.waitFor();
    const picture = () =>
      chart
        .locator('canvas')
        .first()
        .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const words = () => chart.locator('figcaption').innerText();
    const before = { picture: await picture(), words: await words() };
    await until('the chart is drawn anew', async () => (await picture()) !== before.picture);
    await until('its caption goes on', async () => (await words()) !== before.words);
    await window.screenshot('4-running');
    // It is not done before the window has been reloaded, however fast it is.
    const run = newestRun(code.workspace, EXAMPLE.run);
    assert.match(run.state, GOING_ON, 'the run ended before the window could be reloaded');
    process.kill(processOf(run).pid, 'SIGSTOP');
  });

  it('starts a second run from its lens, which waits for the device', async () => {
    const { window } = code;
    await window.focusEditors();
    await window.openFile(EXAMPLE.config);
    await window.goTo(config, `run: ${EXAMPLE.otherRun}`);
    await startByLens(code, `Train ${EXAMPLE.otherRun}`);
    await rowThat(window, EXAMPLE.otherRun, ({ state }) => state === 'queued', 'is queued');
    await window.screenshot('5-queued');
  });

  it('finds both going on after the window was reloaded', async () => {
    const { window, workspace } = code;
    const before = await readRow(window, EXAMPLE.run);
    assert.match(before?.state ?? '', GOING_ON, before?.label);
    const { pid } = processOf(newestRun(workspace, EXAMPLE.run));
    await window.reload();
    await window.showRuns();
    const after = await rowThat(window, EXAMPLE.run, () => true, 'is there again');
    assert.match(after.state, GOING_ON, after.label);
    assert.equal(processOf(newestRun(workspace, EXAMPLE.run)).pid, pid);
    await window.tab(EXAMPLE.otherRun).waitFor();
    await window.tab(EXAMPLE.run).click();
    await window.webview.locator('figure.chart').first().waitFor();
    await window.screenshot('6-reloaded');
    process.kill(pid, 'SIGCONT');
  });

  it('finishes both', async () => {
    const { window, workspace } = code;
    for (const name of [EXAMPLE.run, EXAMPLE.otherRun]) {
      await rowThat(window, name, ({ state }) => state === 'finished', 'is finished', 1200);
      assert.equal(newestRun(workspace, name).state, 'finished');
    }
    await window.statusItem(/intents-/).waitFor({ state: 'hidden' });
    await window.screenshot('7-finished');
  });

  it('evaluates them beside the untuned model and shows the verdict that lies in the run folder', async () => {
    const { window, workspace } = code;
    await window.focusEditors();
    await window.openFile(EXAMPLE.config);
    await window.goTo(config, `evaluate: ${EXAMPLE.evaluation}`);
    await window.command('Tunebook: Evaluate Config');
    await rowThat(window, EXAMPLE.evaluation, ({ state }) => state === 'finished', 'is finished', 1200);
    const result = resultOf(newestRun(workspace, EXAMPLE.evaluation));
    const verdict = window.webview.locator('.verdict');
    await verdict.waitFor();
    assert.ok((await verdict.innerText()).includes(result.verdict.slice(3)), await verdict.innerText());
    const rows = window.webview.locator('table.candidates tbody tr');
    assert.equal(await rows.count(), Object.keys(result.candidates).length);
    await window.screenshot('8-evaluation');
  });

  it('can be looked at in light, dark and high contrast', async () => {
    const { window } = code;
    await window.inThemes(async (theme) => {
      await window.run(EXAMPLE.evaluation).first().click();
      await window.webview.locator('.verdict').waitFor();
      await window.screenshot(`9-evaluation-${theme}`);
      await window.run(EXAMPLE.run).first().click();
      await window.webview.locator('figure.chart').first().waitFor();
      await window.screenshot(`9-charts-${theme}`);
    });
  });

  it('tells more of a run that the mouse is held over', async () => {
    const { window } = code;
    await window.bring(
      window.page.locator('.monaco-hover:visible', { hasText: EXAMPLE.config }),
      async () => {
        await window.page.mouse.move(0, 0);
        await window.run(EXAMPLE.run).first().hover();
      },
    );
  });

  it('shows a run in the panel of another that is dragged onto it', async () => {
    const { window } = code;
    await window.run(EXAMPLE.run).first().click();
    await window.webview.locator('figure.chart').first().waitFor();
    const both = window.tab(`${EXAMPLE.run}, ${EXAMPLE.otherRun} — metrics`);
    await dragRun(window, EXAMPLE.otherRun, both);
    const runs = window.webview.locator('table').getByText(EXAMPLE.otherRun);
    await runs.first().waitFor();
    await window.screenshot('10-dragged');
  });

  it('says nothing in the console about blocked content or faults of ours', () => {
    assert.deepEqual(code.window.faults, []);
  });
});
