/* What runs in the page. */
/* global document, window, requestAnimationFrame, MutationObserver */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../../test/vscode/support/browser.ts';
import { packExtension } from '../../test/vscode/support/pack.ts';
import { installExtension, startServer } from '../../test/vscode/support/server.ts';
import { copyExample } from '../../test/vscode/support/session.ts';
import { jupyterNotebook } from '../../src/trainer/notebook/jupyter-notebook.ts';
import { Workbench } from '../../test/vscode/support/workbench.ts';

const OURS = 'many.tunebook.md';
const PEER = 'many.ipynb';
const WORD = 'a comment that somebody types here, quite fast';
const OPENS = 3;
const SAVES = 5;
const ROUNDS = Number(process.env.TUNEBOOK_BENCH_ROUNDS ?? 3);
/** Of the notebook that shows: VS Code keeps the editor of one that was closed. */
const LINES = '.notebook-editor .cell.code .view-lines:not([inert] *)';

/**
 * Opens, edits and saves a notebook in the VS Code of the tests, and in turns the same one as a Jupyter file.
 * @param {string} text the notebook
 * @param {(message: string) => void} progress
 * @returns milliseconds of each round, on the clock of the page
 */
export async function driveVSCode(text, progress) {
  const folder = mkdtempSync(join(tmpdir(), 'tunebook-bench-notebook-'));
  const extensions = join(folder, 'extensions');
  const browser = await launchBrowser();
  let server;
  try {
    await installExtension(
      packExtension(join(folder, 'tunebook.vsix')),
      extensions,
      join(folder, 'install.log'),
    );
    server = await startServer({
      extensions,
      log: join(folder, 'vscode.log'),
      settings: { 'files.autoSave': 'off' },
    });
    const workspace = join(server.home, 'workspace');
    mkdirSync(workspace);
    copyExample(workspace);
    writeFileSync(join(workspace, OURS), text);
    writeFileSync(join(workspace, PEER), jupyterText(text));
    const small =
      '```yaml tune\ndataset: few\nfiles: { train: data/train.csv }\nformat: classification\n```\n';
    writeFileSync(join(workspace, 'small.tunebook.md'), small);
    writeFileSync(join(workspace, 'small.ipynb'), jupyterText(small));
    const measured = { ours: [], peer: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [who, name] of [
        ['ours', OURS],
        ['peer', PEER],
      ]) {
        progress(`notebook: round ${round + 1} of ${ROUNDS}, ${name}`);
        const workbench = await Workbench.open(browser, server, workspace);
        measured[who].push(await measure(workbench, name));
        await workbench.close();
      }
    }
    return measured;
  } finally {
    await browser.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same cells and results for VS Code's own support of Jupyter. */
function jupyterText(text) {
  return `${JSON.stringify(
    jupyterNotebook(text, () => undefined),
    undefined,
    1,
  )}\n`;
}

async function measure(workbench, name) {
  const { page } = workbench;
  // A first, small one wakes the extension and VS Code's own notebooks: they are started once a window.
  await openNotebook(workbench, name.replace('many', 'small'));
  await page.waitForTimeout(3000);
  const opened = [];
  for (let open = 0; open < OPENS; open++) {
    if (open > 0) await workbench.command('View: Close All Editors');
    opened.push(await openNotebook(workbench, name));
    await page.evaluate(untilQuiet);
    await page.waitForTimeout(3000);
  }
  const keys = await typeInto(workbench);
  await page.waitForTimeout(3000);
  const saves = [];
  for (let save = 0; save < SAVES; save++) saves.push(await saveOnce(workbench));
  return { opened, keys, saves };
}

/** Milliseconds from the click on its name to the first cell that is drawn. */
async function openNotebook(workbench, name) {
  const { page } = workbench;
  await page.keyboard.press('Control+p');
  await workbench.type(name);
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
  await row.waitFor();
  await page.waitForTimeout(500);
  await page.evaluate(watchOpening, { name, lines: `${LINES} .view-line` });
  await row.click();
  await page.locator(`${LINES} .view-line`).first().waitFor();
  return page.evaluate(() => window.benchOpened);
}

/** Runs in the page: notes when a cell of a notebook with this name is drawn, counted from the next press of the mouse. */
function watchOpening({ name, lines }) {
  window.benchOpened = new Promise((resolve) => {
    document.addEventListener(
      'mousedown',
      () => {
        const start = performance.now();
        const look = () => {
          const isActive = document.querySelector('.tab.active')?.textContent?.includes(name);
          if (isActive && document.querySelector(lines)) resolve(performance.now() - start);
          else requestAnimationFrame(look);
        };
        look();
      },
      { once: true, capture: true },
    );
  });
}

/** Runs in the page: resolves when frames have come at their usual pace for a second, since results are drawn bit by bit. */
async function untilQuiet() {
  let busy = performance.now();
  let last = busy;
  while (last - busy < 1000) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = performance.now();
    if (now - last > 50) busy = now;
    last = now;
  }
}

/** Milliseconds from each key to the frame that shows its letter, at some 15 keys a second. */
async function typeInto(workbench) {
  const { page } = workbench;
  await page.locator(`${LINES} .view-line`).first().click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# ');
  await page.evaluate(watchKeys, LINES);
  for (const key of WORD) {
    await page.keyboard.press(key === ' ' ? 'Space' : key);
    await page.waitForTimeout(65);
  }
  await page.waitForTimeout(1000);
  return page.evaluate(() => window.benchKeys);
}

/** Runs in the page. */
function watchKeys(lines) {
  const times = [];
  window.benchKeys = times;
  const waiting = [];
  document.addEventListener('keydown', (event) => waiting.push(event.timeStamp), { capture: true });
  new MutationObserver(() => {
    const pressed = waiting.splice(0);
    if (pressed.length > 0)
      requestAnimationFrame(() => times.push(...pressed.map((start) => performance.now() - start)));
  }).observe(document.querySelector(lines), { subtree: true, childList: true, characterData: true });
}

/** Milliseconds from the keys to the mark of unsaved changes being gone. */
async function saveOnce(workbench) {
  const { page } = workbench;
  await page.keyboard.press('x');
  await page.locator('.tab.active.dirty').waitFor();
  await page.waitForTimeout(1500);
  await page.evaluate(watchSave);
  await page.keyboard.press('Control+s');
  await page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  return page.evaluate(() => window.benchSaved);
}

/** Runs in the page. */
function watchSave() {
  window.benchSaved = new Promise((resolve) => {
    const onKey = (event) => {
      if (event.key !== 's') return;
      document.removeEventListener('keydown', onKey, { capture: true });
      const look = () => {
        if (document.querySelector('.tab.active.dirty')) requestAnimationFrame(look);
        else resolve(performance.now() - event.timeStamp);
      };
      look();
    };
    document.addEventListener('keydown', onKey, { capture: true });
  });
}
