import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inOrder } from './support/in-order.ts';
import { NotebookEditor, withoutResults } from './support/notebook.ts';
import { copyExample, useSession } from './support/session.ts';
import { until } from './support/until.ts';

const NAME = 'experiment.tunebook.md';

/** The example's story without results, with so few steps that it is told in seconds, and content with what comes of that. */
function copyShortStory(workspace: string): void {
  copyExample(workspace);
  const file = join(workspace, NAME);
  const bare = withoutResults(readFileSync(file, 'utf8'));
  const short = bare
    .replaceAll('num_train_epochs: 2', 'max_steps: 24')
    .replaceAll('_strategy: epoch', '_strategy: "no"')
    .replace('">= 0.80"', '">= 0.0"');
  assert.notEqual(short, bare);
  writeFileSync(file, short);
  const rows = join(workspace, 'data/test.csv');
  writeFileSync(rows, `${readFileSync(rows, 'utf8').split('\n').slice(0, 25).join('\n')}\n`);
}

describe('an experiment notebook', function () {
  this.timeout(900_000);
  inOrder();
  const code = useSession({ name: 'notebook', fill: copyShortStory });
  const notebook = new NotebookEditor(code, NAME);
  let before = '';

  it('opens as a notebook, and nothing is wrong', async () => {
    before = notebook.text;
    await notebook.open();
    await notebook.lines().nth(1).waitFor();
    await code.window.screenshot('notebook-1-open');
  });

  it('runs all cells and writes their results into the file, and nothing else', async () => {
    const { window } = code;
    await window.command('Notebook: Run All');
    await notebook.begun();
    await window.screenshot('notebook-2-running');
    // A trainer that is starting reads the file, which VS Code empties for a moment while it saves: nothing is saved meanwhile.
    await notebook.ended();
    await notebook.save();
    await until(
      'all cells have a result',
      () => notebook.results.length === 9 && notebook.results.every(Boolean),
    );
    assert.equal(notebook.bare, before);
    assert.match(notebook.results[0] ?? '', /\*\*understood\*\* is accepted/);
    await window.screenshot('notebook-3-done');
  });

  it('has its results when it is opened again, in every theme, and nothing in it is changed by that', async () => {
    const { window } = code;
    await notebook.save();
    const { text } = notebook;
    await window.command('View: Close All Editors');
    await notebook.open();
    await notebook.marked('unchanged').first().waitFor();
    await window.inThemes(async (theme) => {
      await window.screenshot(`notebook-4-reopened-${theme}`);
    });
    assert.equal(notebook.text, text);
  });
});
