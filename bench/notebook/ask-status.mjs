import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNotebook } from '../../src/language/notebook/read-notebook.ts';
import { Client, TRAINER, uri } from '../../test/server/support/client.ts';
import { copyExample } from '../../test/vscode/support/session.ts';

const TIMES = 20;
/** Milliseconds after an edit in which the server checks the cells by itself. */
const CHECKED = 400;
/** Milliseconds of a tick of the kernel's clock, in which it counts processor time. */
const TICK = 10;

/**
 * Processor time of the built language server for the states of all cells of a notebook, in milliseconds: while nothing changes, and for
 * an edit of one cell with the check and the states after it. Linux alone.
 * @param {string} text the notebook
 */
export async function askStatus(text) {
  const folder = mkdtempSync(join(tmpdir(), 'tunebook-bench-status-'));
  copyExample(folder);
  const path = join(folder, 'many.tunebook.md');
  writeFileSync(path, text);
  const client = await Client.start({ folders: [folder], trainer: TRAINER });
  const { connection } = client;
  const processorTime = () => {
    // The name of the program stands in brackets, and may hold anything.
    const [, fields = ''] = readFileSync(`/proc/${client.process.pid}/stat`, 'utf8').split(') ');
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    return (user + system) * TICK;
  };
  const { cells } = readNotebook(text);
  const cellUri = (index) => `vscode-notebook-cell:${encodeURI(path)}#c${index}`;
  const notebook = (version) => ({ uri: uri(path), notebookType: 'tunebook', version });
  await connection.sendNotification('notebookDocument/didOpen', {
    notebookDocument: { ...notebook(1), cells: cells.map((_, i) => ({ kind: 2, document: cellUri(i) })) },
    cellTextDocuments: cells.map(({ content }, i) => ({
      uri: cellUri(i),
      languageId: 'tune',
      version: 1,
      text: text.slice(content.start, content.end),
    })),
  });
  const results = cells.map(({ output }) => output?.attributes ?? null);
  const ask = () => connection.sendRequest('tunebook/cellStatus', { uri: uri(path), results });
  const edit = async (version) => {
    const start = { line: 0, character: 0 };
    const textContent = [
      {
        document: { uri: cellUri(5), version },
        changes: [{ range: { start, end: start }, text: '# more\n' }],
      },
    ];
    const change = { cells: { textContent } };
    await connection.sendNotification('notebookDocument/didChange', {
      notebookDocument: notebook(version),
      change,
    });
    await new Promise((resolve) => setTimeout(resolve, CHECKED));
  };
  const each = async (work) => {
    const before = processorTime();
    for (let time = 0; time < TIMES; time++) await work(time);
    return (processorTime() - before) / TIMES;
  };
  try {
    await client.codes(cellUri(5), []);
    await ask();
    const unchanged = await each(ask);
    const edited = await each(async (time) => {
      await edit(time + 2);
      await ask();
    });
    return { unchanged, edited };
  } finally {
    client.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
