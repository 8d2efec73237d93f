import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inOrder } from './support/in-order.ts';
import { NotebookEditor } from './support/notebook.ts';
import { runsOnDisk } from './support/run-folder.ts';
import { copyExample, useSession } from './support/session.ts';
import { until } from './support/until.ts';

const CONFIG = 'writer.tune.yaml';
const VIEW = 'writer (prompts)';

const NOTEBOOK = 'ask.tunebook.md';
const CELLS = [
  'prompt: asked\ntemplate: "Say {{ text }} ="',
  `evaluate: asks
data: intents.test
candidates:
  asked: { model: writer, prompt: asked }
metrics: [accuracy]`,
];

/** The example, with a notebook that has a prompt of its own. */
function fill(workspace: string): void {
  copyExample(workspace);
  const cells = CELLS.map((cell) => `\`\`\`yaml tune\n${cell}\n\`\`\`\n`);
  writeFileSync(join(workspace, NOTEBOOK), ['# How to ask\n', ...cells].join('\n'));
}

describe('prompts in the editor', function () {
  this.timeout(900_000);
  inOrder();
  const code = useSession({ name: 'prompts', fill });
  // Lines are wrapped, so a space may stand where none is.
  const view = () => code.window.page.locator('.editor-group-container').last().locator('.view-lines');
  const shows = (what: string, holds: (text: string) => boolean) =>
    until(what, async () => holds((await view().innerText()).replace(/\s+/g, ' ')));

  it('are shown beside the config by the lens, filled with a row, with their tokens', async () => {
    const { window, workspace } = code;
    await window.openFile(CONFIG);
    await window.goTo(readFileSync(join(workspace, CONFIG), 'utf8'), 'prompt: few-shot');
    await window.openByLens(window.lens('What few-shot asks, row by row'), VIEW);
    await shows('the prompt is filled', (text) =>
      /^# few-shot Row 1 of intents\.validation: line 2 of data\/ ?validation\.csv \d+ tokens for prompted/.test(
        text,
      ),
    );
    await window.inThemes(async (theme) => window.screenshot(`prompts-1-preview-${theme}`));
  });

  it('go to the next row by keyboard, and to any row by its number', async () => {
    const { window } = code;
    await window.tab(VIEW).click();
    await window.page.keyboard.press('Alt+PageDown');
    await shows('the second row', (text) => text.includes('Row 2 of intents.validation'));
    await window.command('Tunebook: Preview Prompt: Go to Row…');
    await window.type('9999999');
    await window.page.keyboard.press('Enter');
    await shows('the last row', (text) => /Row \d{2,} of intents\.validation/.test(text));
    await window.page.keyboard.press('Alt+PageUp');
    await window.page.keyboard.press('Alt+PageUp');
  });

  it('follow what is typed, before it is saved', async () => {
    const { window, workspace } = code;
    await window.tab(CONFIG).click();
    await window.goTo(readFileSync(join(workspace, CONFIG), 'utf8'), 'template: "{{ text }} ->"');
    await window.page.keyboard.press('End');
    await window.page.keyboard.press('ArrowLeft');
    await window.page.keyboard.type(' which command?');
    await shows('the edit', (text) => text.includes('-> which command?'));
    for (let key = 0; key < ' which command?'.length; key++) await window.page.keyboard.press('Backspace');
    await shows('the edit is gone', (text) => !text.includes('which command?'));
  });

  it('are tried on 50 rows by the lens, and compared', async () => {
    const { window, workspace } = code;
    await window.goTo(readFileSync(join(workspace, CONFIG), 'utf8'), 'prompt: few-shot');
    await window.openByLens(
      window.lens('All prompts of this file, compared').last(),
      'try-few-shot — comparison',
    );
    await window.webview.locator('#row-0').waitFor();
    await until('the verdict is there', async () =>
      /few-shot|bare/.test(await window.webview.locator('.verdict').innerText()),
    );
    const [run] = runsOnDisk(workspace);
    assert.equal(run?.name, 'try-few-shot');
    const grid = window.webview.getByRole('grid', { name: 'Rows of the evaluation' });
    await until('all rows are there', async () => (await grid.getAttribute('aria-rowcount')) === '51');
    await window.screenshot('prompts-2-tried');
  });

  it('of a notebook are shown by the lens in their cell and by the command, while one types', async () => {
    const { window } = code;
    await window.command('View: Close All Editors');
    const notebook = new NotebookEditor(code, NOTEBOOK);
    await notebook.open();
    const lens = window.page.locator('.codelens-decoration a[title="What asked asks, row by row"]');
    const tab = window.tab('ask (prompts)');
    await window.openByLens(lens, 'ask (prompts)');
    await shows('the prompt is filled', (text) => /^# asked Row 1 of intents\.\w+: .*Say \S.* =/.test(text));
    await window.screenshot('prompts-3-notebook');
    await notebook.lines('template').click();
    await window.page.keyboard.press('End');
    await window.page.keyboard.press('ArrowLeft');
    await window.page.keyboard.type(' now');
    await shows('the edit', (text) => text.includes('= now'));
    await tab.hover();
    await tab.getByRole('button', { name: /^Close/ }).click();
    await tab.waitFor({ state: 'detached' });
    await notebook.lines('candidates').click();
    await window.command('Tunebook: Preview Prompt');
    await tab.waitFor();
    await shows('the prompt of another cell', (text) => text.includes('# asked'));
  });

  it('of a notebook are tried on 50 rows, and compared', async () => {
    const { window, workspace } = code;
    const lens = window.page.locator('.codelens-decoration a[title="All prompts of this file, compared"]');
    await window.openByLens(lens.first(), 'try-asked — comparison');
    await until(
      'the evaluation has ended',
      () => {
        const run = runsOnDisk(workspace).find(({ name }) => name === 'try-asked');
        return run && existsSync(join(run.dir, 'result.json'));
      },
      60,
    );
  });
});
