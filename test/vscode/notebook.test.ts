import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNotebook } from '../../src/language/notebook/read-notebook.ts';
import { inOrder } from './support/in-order.ts';
import { copyExample, useSession } from './support/session.ts';
import { until } from './support/until.ts';

const NAME = 'experiment.tunebook.md';

/** The example's story without results, and with so few steps that it is told in seconds. */
function copyShortStory(workspace: string): void {
  copyExample(workspace);
  const file = join(workspace, NAME);
  const whole = readFileSync(file, 'utf8');
  const { cells } = readNotebook(whole);
  const bare = cells.reduceRight(
    (text, { end, output }) => (output ? text.slice(0, end) + text.slice(output.end) : text),
    whole,
  );
  const short = bare
    .replace('num_train_epochs: 2', 'max_steps: 24')
    .replaceAll('_strategy: epoch', '_strategy: "no"');
  assert.notEqual(short, bare);
  writeFileSync(file, short);
}

describe('an experiment notebook', function () {
  this.timeout(300_000);
  inOrder();
  const code = useSession({ name: 'notebook', fill: copyShortStory });
  const read = () => readFileSync(join(code.workspace, NAME), 'utf8');
  const results = () =>
    readNotebook(read()).cells.map(({ output }) => output?.attributes.inputs !== undefined);
  const open = async () => {
    await code.window.page.keyboard.press('Control+p');
    await code.window.type(NAME);
    await code.window.pick(NAME);
    await code.window.page.locator('.notebook-editor .cell.code .view-line').first().waitFor();
  };
  const saved = async () => {
    await code.window.page.keyboard.press('Control+s');
    await code.window.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  };
  let before = '';

  it('opens as a notebook, and nothing is wrong', async () => {
    before = read();
    await open();
    assert.ok((await code.window.page.locator('.notebook-editor .cell.code').count()) >= 2);
    await code.window.screenshot('notebook-1-open');
  });

  it('runs all cells and writes their results into the file, and nothing else', async () => {
    const { window } = code;
    await window.command('Notebook: Run All');
    await until(
      'a run is shown while it goes on',
      async () =>
        (await window.page.locator('.cell-statusbar-container .codicon-notebook-state-executing').count()) >
          0 || undefined,
    );
    await window.screenshot('notebook-2-running');
    // A trainer that is starting reads the file, which VS Code empties for a moment while it saves: nothing is saved meanwhile.
    await window.page
      .getByRole('button', { name: /^Interrupt/ })
      .waitFor({ state: 'hidden', timeout: 240_000 });
    await saved();
    await until('all cells have a result', async () => {
      const found = results();
      return found.length === 4 && found.every(Boolean);
    });
    const text = await until('the file is whole', () => Promise.resolve(read() || undefined));
    const bare = readNotebook(text).cells.reduceRight(
      (current, { end, output }) => (output ? current.slice(0, end) + current.slice(output.end) : current),
      text,
    );
    assert.equal(bare, before);
    await window.screenshot('notebook-3-done');
  });

  it('has its results when it is opened again, and nothing in it is changed by that', async () => {
    const { window } = code;
    await saved();
    const text = read();
    await window.command('View: Close All Editors');
    await open();
    await window.page.waitForTimeout(1500);
    await window.screenshot('notebook-4-reopened');
    assert.equal(read(), text);
  });
});
