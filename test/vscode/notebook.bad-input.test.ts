import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotebookEditor } from './support/notebook.ts';
import { copyExample, useSession } from './support/session.ts';
import { until } from './support/until.ts';

const FORMAT = 'format: classification\ncolumns: { text: text, label: intent }\n';
const ROWS = `dataset: rows\nfiles: { train: data/train.csv }\n${FORMAT}`;
const FEW = `dataset: few\nfiles: { rows: data/test.csv }\n${FORMAT}`;
const LONG = `run: long
model: { base: base, task: text-classification, num_labels: 20 }
data: { train: rows.train, max_length: 16 }
method: { lora: { r: 2, target_modules: [query] } }
train: { max_steps: 400, per_device_train_batch_size: 4 }
target: { local: { device: cpu } }
`;

const cell = (text: string) => `\`\`\`yaml tune\n${text}\`\`\`\n`;
const RESULT =
  '\n<!-- tunebook:output inputs=0123456789ab seconds=1 checksum=00000000 -->\n\nMy own words.\n\n<!-- /tunebook:output -->\n';

const FILES = {
  broken: `# A\n\n${cell(ROWS.replace('train.csv', 'small.csv'))}\n${cell('dataset: wrong\nfiles: { train: [\n')}\n${cell(FEW)}`,
  conflict: `# A\n\n${cell(ROWS)}\n<<<<<<< HEAD\nOurs.\n=======\nTheirs.\n>>>>>>> branch\n\n${cell(FEW)}`,
  twice: `# A\n\n${cell(ROWS)}\n${cell(ROWS.replace('train.csv', 'test.csv'))}`,
  edited: `# A\n\n${cell(ROWS)}${RESULT}`,
  unclosed: `# A\n\n${cell(FEW)}\nProse.\n\n\`\`\`yaml tune\n${ROWS}`,
  elsewhere: `# A\n\n${cell(ROWS)}\n${cell(LONG)}\nThe end.\n`,
  same: `# A\n\n${cell(ROWS)}\n${cell(LONG)}\nThe end.\n`,
};

function fill(workspace: string): void {
  copyExample(workspace);
  writeFileSync(join(workspace, 'data/small.csv'), 'text,intent\nopen it,open-file\nshow it,open-file\n');
  for (const [name, text] of Object.entries(FILES))
    writeFileSync(join(workspace, `${name}.tunebook.md`), text);
}

describe('a notebook with something wrong in it', function () {
  this.timeout(900_000);
  const code = useSession({ name: 'notebook-bad-input', fill });
  const open = async (name: keyof typeof FILES) => {
    await code.window.command('View: Close All Editors');
    const notebook = new NotebookEditor(code, `${name}.tunebook.md`);
    await notebook.open();
    return notebook;
  };
  /** Waits for words below a cell. */
  const said = (words: string | RegExp) =>
    code.window.webview.locator('.output', { hasText: words }).first().waitFor();
  const runs = () => code.window.command('Notebook: Run All');
  /** Whether the run of this notebook goes on: that of another may be about to end. */
  const trains = (name: keyof typeof FILES) =>
    code.server.commands().some((each) => each.includes(`${name}.tunebook.md run:long`));
  /** A line of the file of the workspace in place of another, as another editor or `git checkout` leaves it. */
  const change = (name: keyof typeof FILES, from: string, to: string) => {
    const file = join(code.workspace, `${name}.tunebook.md`);
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(from));
    writeFileSync(file, text.replace(from, to));
  };

  it('runs what stands above a cell of broken YAML, and nothing below it', async () => {
    const notebook = await open('broken');
    await runs();
    await said('This cell, or what it refers to, has mistakes.');
    await notebook.ended();
    await notebook.save();
    await until('the first cell has a result', () => notebook.results[0] !== '');
    assert.deepEqual(notebook.results.slice(1), ['', '']);
    assert.equal(notebook.bare, FILES.broken);
    await code.window.screenshot('notebook-broken');
  });

  it('says where git left the marks of a merge, and starts nothing', async () => {
    const notebook = await open('conflict');
    await runs();
    await said(/conflict\.tunebook\.md:10:1\s+Git could not merge this place/);
    await notebook.ended();
    assert.equal(notebook.text, FILES.conflict);
    await code.window.screenshot('notebook-conflict');
  });

  it('has what is wrong with its prose and its fences among the problems while it is edited', async () => {
    const { window } = code;
    await window.command('View: Close All Editors');
    await window.command('Problems: Focus on Problems View');
    const [marks, fence] = ['Git could not merge this place', 'This fence is never closed'].map((words) =>
      window.panel.getByText(words).first(),
    );
    await open('conflict');
    await marks!.waitFor();
    await window.screenshot('notebook-conflict-problems');
    await open('unclosed');
    await marks!.waitFor({ state: 'detached' });
    await fence!.waitFor();
    await window.command('View: Close All Editors');
    await fence!.waitFor({ state: 'detached' });
  });

  it('says that two cells define one name, and starts nothing', async () => {
    const notebook = await open('twice');
    await runs();
    await said(/twice\.tunebook\.md:11:10\s+There is a `dataset: rows` in line 4 already/);
    await notebook.ended();
    await code.window.page.locator('.notebook-editor .squiggly-error:not([inert] *)').first().waitFor();
    assert.equal(notebook.text, FILES.twice);
  });

  it('says which fence is not closed, and starts nothing', async () => {
    const notebook = await open('unclosed');
    await runs();
    await said(/unclosed\.tunebook\.md:12:1\s+This fence is never closed/);
    await notebook.ended();
    assert.equal(notebook.text, FILES.unclosed);
  });

  it('replaces a result that was edited by hand only when a person says so', async () => {
    const { page } = code.window;
    const notebook = await open('edited');
    await runs();
    const dialog = page.getByRole('dialog', { name: /changed by hand/ });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await notebook.ended();
    assert.equal(notebook.text, FILES.edited);
    await runs();
    await dialog.getByRole('button', { name: 'Replace' }).click();
    await notebook.ended();
    await notebook.save();
    await until('the result is a new one', () => /\| train \| 1,402/.test(notebook.results[0] ?? ''));
    assert.doesNotMatch(notebook.text, /My own words/);
  });

  it('goes on below its cell when the file is changed elsewhere while a cell runs', async () => {
    const notebook = await open('elsewhere');
    await runs();
    await until('it trains', () => trains('elsewhere'));
    change('elsewhere', 'The end.', 'Another end.');
    await code.window.notification('was changed while a cell ran. The cell goes on').waitFor();
    await code.window.screenshot('notebook-changed-1');
    await notebook.ended();
    await notebook.save();
    await until('the run has a result', () =>
      /\*\*long\*\* finished: 400 steps/.test(notebook.results[1] ?? ''),
    );
    assert.equal(notebook.bare, FILES.elsewhere.replace('The end.', 'Another end.'));
  });

  it('puts nothing below a cell that was changed on disk while it ran, and says where the result is', async () => {
    const notebook = await open('same');
    await runs();
    await until('it trains', () => trains('same'));
    change('same', 'max_steps: 400', 'max_steps: 300');
    await code.window
      .notification(/not the same any more.*What it computes is in the run \d+T\d+Z-long-/)
      .waitFor();
    await code.window.screenshot('notebook-changed-2');
    await notebook.ended();
    assert.equal(notebook.bare, FILES.same.replace('400', '300'));
    assert.equal(notebook.results[1], '');
  });
});
