import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inOrder } from './support/in-order.ts';
import { NotebookEditor } from './support/notebook.ts';
import { copyExample, useSession } from './support/session.ts';
import { until } from './support/until.ts';

const NAME = 'plain.tunebook.md';
const CLOSED = 'closed.tunebook.md';
const ROWS =
  '```yaml tune\ndataset: rows\nfiles: { train: data/train.csv, test: data/test.csv }\nformat: classification\ncolumns: { text: text, label: intent }\n```\n';
const STORY = `# Plain\n\nrun: prose\n\n${ROWS}\n\`\`\`yaml tune\nevaluate: verdict\ndata: rows.tset\ncandidates: { base: { model: base } }\n\`\`\`\n`;
const MERGE = 'merge.tunebook.md';
const MERGED = `# A\n\n${ROWS}\n<<<<<<< HEAD\nOurs.\n=======\nTheirs.\n>>>>>>> branch\n\n\`\`\`\`python\nx = 1\n\n${ROWS}`;
const OTHER = `# Closed\n\n\`\`\`yaml tune\nprompt: ask\ntemplate: "{{ text }} ->"\nexamples: { data: "plain.tunebook.md#rows.train", count: 1 }\n\`\`\`\n`;

function fill(workspace: string): void {
  copyExample(workspace);
  writeFileSync(join(workspace, NAME), STORY);
  writeFileSync(join(workspace, CLOSED), OTHER);
  writeFileSync(join(workspace, MERGE), MERGED);
}

describe('a notebook as plain Markdown', function () {
  this.timeout(900_000);
  inOrder();
  const code = useSession({
    name: 'notebook-markdown',
    fill,
    settings: { 'workbench.editorAssociations': { '*.tunebook.md': 'default' } },
  });
  const notebook = new NotebookEditor(code, NAME);

  it('has diagnostics in its fences, and none in its prose', async () => {
    const { window } = code;
    await window.openFile(NAME);
    await window.squiggles().first().waitFor();
    assert.equal(await window.squiggles().count(), 1);
    await window.hover('tset', /rows\.test/);
    await window.screenshot('notebook-markdown-1');
  });

  it('completes in its fences', async () => {
    await code.window.completeWord('tset', 'rows.test', 'notebook-markdown-2');
    await code.window.squiggles().first().waitFor({ state: 'detached' });
    await notebook.save();
    await until(
      'the file has what was chosen',
      () => notebook.text.includes('data: rows.test\n'),
      30,
      () => notebook.text,
    );
  });

  it('opens as a notebook by a button, which is not there then', async () => {
    const button = code.window.page
      .locator('.editor-actions')
      .getByRole('button', { name: 'Open as Notebook' });
    await button.click();
    await notebook.lines('dataset: rows').first().waitFor();
    await button.waitFor({ state: 'detached' });
    await until(
      'the text editor of the same file is closed',
      async () => (await code.window.tab(NAME).count()) === 1,
    );
  });

  it('renames in notebooks that are closed', async () => {
    const { page } = code.window;
    const place = notebook.lines('dataset: rows').first();
    const box = await code.window.bring(page.locator('.rename-input'), async () => {
      await place.getByText('rows', { exact: true }).first().click();
      await page.keyboard.press('F2');
    });
    await box.fill('wishes');
    await page.keyboard.press('Enter');
    await notebook.lines('data: wishes.test').first().waitFor();
    await code.window.command('File: Save All');
    const other = () => readFileSync(join(code.workspace, CLOSED), 'utf8');
    await until('the other file has the new name', () => other().includes('#wishes.train'), 30, other);
    await until(
      'so has this one',
      () => /dataset: wishes[^]*data: wishes\.test/.test(notebook.text),
      30,
      () => notebook.text,
    );
    await code.window.screenshot('notebook-markdown-3');
  });

  it('has what is wrong with its prose and its fences among the problems', async () => {
    const { window } = code;
    await window.command('View: Close All Editors');
    await window.openFile(MERGE);
    await window.command('Problems: Focus on Problems View');
    await window.panel.getByText('Git could not merge this place').first().waitFor();
    await window.panel.getByText('This fence is never closed').first().waitFor();
    await window.screenshot('notebook-markdown-problems');
  });
});
