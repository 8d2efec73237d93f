import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNotebook } from '../../src/language/notebook/read-notebook.ts';
import { RUNS_FOLDER } from '../../src/protocol/run.ts';
import { readRun } from '../../src/runs/read.ts';
import { inOrder } from './support/in-order.ts';
import { NotebookEditor } from './support/notebook.ts';
import { copyExample, useSession } from './support/session.ts';
import { until } from './support/until.ts';

const NAME = 'life.tunebook.md';

const RUN = `run: small
model: { base: base, task: text-classification, num_labels: 20 }
data: { train: intents.train, eval: few.rows, max_length: 16 }
method: { lora: { r: 2, target_modules: [query] } }
train:
  max_steps: 6
  per_device_train_batch_size: 4
  eval_strategy: steps
  eval_steps: 6
target: { local: { device: cpu } }
`;

/** The run stands at the top, where it shows: VS Code draws what can be seen alone. */
const CELLS = [
  'objective: ship-it\nevaluate: verdict\ncandidate: tuned\naccept: { accuracy: ">= 0.0" }\n',
  RUN,
  'dataset: intents\nfiles: { train: data/train.csv }\nformat: classification\ncolumns: { text: text, label: intent }\n',
  'dataset: few\nfiles: { rows: data/few.csv }\nformat: classification\ncolumns: { text: text, label: intent }\n',
  'prompt: ask\ntemplate: "Command for: {{ text }}"\nexamples: { data: few.rows, count: 1 }\n',
  'sweep: lengths\nrun: small\nover: { data.max_length: [8, 12] }\n',
  'evaluate: verdict\ndata: few.rows\ncandidates:\n  base: { model: base }\n  tuned: { run: small }\nmetrics: [accuracy]\n',
  'export: deploy\nmodel: run:small\nfolder: deployed\n',
];

const STORY = `# A life\n\n${CELLS.map((text) => `\`\`\`yaml tune\n${text}\`\`\`\n`).join('\nProse.\n\n')}`;

function fill(workspace: string): void {
  copyExample(workspace);
  const rows = readFileSync(join(workspace, 'data/validation.csv'), 'utf8').split('\n');
  writeFileSync(join(workspace, 'data/few.csv'), `${rows.slice(0, 25).join('\n')}\n`);
  writeFileSync(join(workspace, NAME), STORY);
}

describe('the life of a notebook', function () {
  this.timeout(900_000);
  inOrder();
  const code = useSession({ name: 'notebook-life', fill });
  const notebook = new NotebookEditor(code, NAME);
  const runs = () => {
    const folder = join(code.workspace, RUNS_FOLDER);
    return existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.startsWith('2'))
          .map((name) => readRun(join(folder, name)))
      : [];
  };

  it('runs cells of every kind, an objective behind its evaluation', async () => {
    await notebook.open();
    await notebook.runAll();
    await notebook.save();
    const found = await until('every cell has a result', () => {
      const now = notebook.results;
      return now.length === CELLS.length && now.every((each) => each !== '') ? now : undefined;
    });
    assert.match(found[0] ?? '', /\*\*ship-it\*\* is accepted: tuned meets all of it/);
    assert.match(found[4] ?? '', /\*\*ask\*\* on 3 rows of few\.rows/);
    assert.match(found[5] ?? '', /\*\*lengths\*\* finished: 2 runs[\s\S]*Best by loss: lengths-[12]/);
    assert.match(found[6] ?? '', /\| tuned \| \d/);
    assert.match(found[7] ?? '', /\*\*deploy\*\* written: \d{8}T\d{6}Z-small-/);
    assert.ok(existsSync(join(code.workspace, 'deployed', 'model.safetensors')));
    await code.window.inThemes(async (theme) => {
      await code.window.screenshot(`notebook-life-${theme}`);
    });
  });

  it('says which cells became stale when a setting is edited, and runs those alone', async () => {
    const before = runs().length;
    await notebook.retype('max_steps: 6', '6', '7');
    await notebook.marked('stale').first().waitFor();
    await code.window.screenshot('notebook-life-stale');
    await notebook.runAll();
    await notebook.save();
    // A run, a sweep of two, and an evaluation.
    assert.equal(runs().length, before + 5);
    assert.match(notebook.results[1] ?? '', /\*\*small\*\* finished: 7 steps/);
  });

  it('says that the run of a result is gone', async () => {
    const { dir } =
      runs().find(({ name, kind, step }) => name === 'small' && kind === 'run' && step === 7) ?? {};
    assert.ok(dir);
    renameSync(dir, join(code.workspace, 'elsewhere'));
    await notebook.retype('max_steps: 7', '7', '8');
    await notebook.retype('max_steps: 8', '8', '7');
    await notebook.marked('run is gone').first().waitFor();
    await code.window.screenshot('notebook-life-gone');
    renameSync(join(code.workspace, 'elsewhere'), dir);
  });

  it('interrupts with a checkpoint, goes on where it stopped, and finds its run again when it was closed and after a reload', async () => {
    const { page } = code.window;
    await notebook.retype('max_steps: 7', '7', '100000');
    await page.keyboard.press('Shift+Enter');
    const running = () => runs().find(({ name, state }) => name === 'small' && state === 'running');
    await until('it trains', () => (running()?.step ?? 0) > 2);
    await notebook.interrupt();
    const stopped = runs().find(({ name, state }) => name === 'small' && state === 'stopped');
    assert.ok(stopped?.checkpoint, 'no checkpoint was saved');
    await notebook.save();
    await until('the file says that it stopped', () =>
      /\*\*small\*\* stopped/.test(notebook.results[1] ?? ''),
    );
    await code.window.command('Tunebook: Resume Run');
    await until('it goes on', () => running()?.id === stopped.id);
    await notebook.begun();
    await code.window.command('View: Close Editor');
    await notebook.open();
    await notebook.begun();
    assert.notEqual(runs().find(({ id }) => id === stopped.id)?.state, 'stopped');
    await code.window.screenshot('notebook-life-closed');
    await code.window.reload();
    await notebook.lines().first().waitFor();
    await notebook.begun();
    await code.window.screenshot('notebook-life-attached');
    await notebook.interrupt();
    const again = runs().find(({ id }) => id === stopped.id);
    assert.equal(again?.state, 'stopped');
    assert.ok(again.step > stopped.step, `${again.step} is not behind ${stopped.step}`);
  });

  it('renames a data set in all cells', async () => {
    const { page } = code.window;
    await code.window.command('Notebook: Focus First Cell');
    const place = notebook.lines('eval: few.rows').first();
    const box = await code.window.bring(page.locator('.rename-input'), async () => {
      await place
        .getByText('few', { exact: false })
        .last()
        .click({ position: { x: 4, y: 6 } });
      await page.keyboard.press('F2');
    });
    await box.fill('handful');
    await page.keyboard.press('Enter');
    await notebook.lines('eval: handful').first().waitFor();
    await notebook.save();
    const now = await until(
      'the file has the new name',
      () => notebook.text.includes('dataset: handful') && notebook.text,
    );
    assert.match(now, /eval: handful\.rows/);
    assert.match(now, /data: handful\.rows\ncandidates/);
    assert.match(now, /examples: \{ data: handful\.rows/);
    // Results still tell the old name: they are of what the cells said then.
    const written = readNotebook(now).cells.map(({ content }) => now.slice(content.start, content.end));
    assert.doesNotMatch(written.join(''), /\bfew\b(?!\.csv)/);
  });
});
