import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inOrder } from './support/in-order.ts';
import { NotebookEditor } from './support/notebook.ts';
import { copyExample, useSession } from './support/session.ts';
import { until } from './support/until.ts';

const NAME = 'clear.tunebook.md';
const SPLIT = 'format: classification\ncolumns: { text: text, label: intent }\n';
const STORY = `# To be cleared\r\n\r\n\`\`\`yaml tune\r\ndataset: rows\r\nfiles: { train: data/train.csv }\r\n${SPLIT.replaceAll('\n', '\r\n')}\`\`\`\r\n\r\nProse.\r\n\r\n\`\`\`yaml tune\r\ndataset: few\r\nfiles: { rows: data/test.csv }\r\n${SPLIT.replaceAll('\n', '\r\n')}\`\`\`\r\n\r\nThe end.`;

function fill(workspace: string): void {
  copyExample(workspace);
  writeFileSync(join(workspace, NAME), STORY);
}

describe('clearing the results of a notebook', function () {
  this.timeout(900_000);
  inOrder();
  const code = useSession({ name: 'notebook-clear', fill });
  const notebook = new NotebookEditor(code, NAME);
  let whole = '';

  it('takes all of them out of the file, and nothing else; no cell is stale then', async () => {
    await notebook.open();
    await notebook.runAll();
    await notebook.save();
    await until('both cells have a result', () => notebook.results.every((each) => each !== ''));
    whole = notebook.text;
    await notebook.marked('unchanged').first().waitFor();
    await code.window.command('Notebook: Clear All Outputs');
    await notebook.save();
    await until(
      'the file is as it was before',
      () => notebook.text === STORY,
      undefined,
      () => notebook.text,
    );
    await notebook.marked('unchanged').first().waitFor({ state: 'detached' });
    assert.equal(await notebook.marked('stale').count(), 0);
    await code.window.screenshot('notebook-clear-1');
  });

  it('leaves nothing to be seen when the notebook is opened again, and its cells can be run', async () => {
    await code.window.command('View: Close All Editors');
    await notebook.open();
    assert.equal(notebook.text, STORY);
    assert.equal(await notebook.output('train').count(), 0);
    await notebook.runAll();
    await notebook.save();
    const again = await until(
      'both cells have a result',
      () => notebook.results.every(Boolean) && notebook.text,
    );
    const untimed = (text: string) => text.replace(/seconds=\S+ /g, '');
    assert.equal(untimed(again), untimed(whole));
  });

  it('clears those that were there when the notebook was opened, one cell alone too', async () => {
    const { page } = code.window;
    await code.window.command('View: Close All Editors');
    await notebook.open();
    await notebook.lines('dataset: rows').first().click();
    await page.keyboard.press('Escape');
    await code.window.command('Notebook: Clear Cell Outputs');
    await notebook.save();
    await until(
      'the first result alone is gone',
      () => notebook.results[0] === '' && notebook.results[1] !== '',
    );
    assert.equal(notebook.bare, STORY);
    await code.window.command('Notebook: Clear All Outputs');
    await notebook.save();
    await until(
      'the file is as it was before',
      () => notebook.text === STORY,
      undefined,
      () => notebook.text,
    );
  });
});
