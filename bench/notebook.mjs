import { fromCells, toCells } from '../src/extension/notebook/to-cells.ts';
import { check } from '../src/language/check.ts';
import { MemoryHost } from '../src/language/testing/memory-host.ts';
import { askStatus } from './notebook/ask-status.mjs';
import { driveVSCode } from './notebook/drive-vscode.mjs';
import { makeNotebook } from './notebook/make-notebook.mjs';

/** Milliseconds that issue 7 asks for; between a key and its letter a tenth of a second is felt. */
const TARGETS = { open: 1000, key: 100, save: 200 };

/** How often the parts of our own are measured. */
const TIMES = 20;

/**
 * A notebook of 200 cells and 50 results in the VS Code of the tests: opened, typed into and saved, beside the same cells and results as
 * a Jupyter file, which VS Code itself reads and writes. Each round has a window of its own. Then our own parts of it, without VS Code.
 *
 * @param {string} name
 * @param {(message: string) => void} progress
 */
export async function notebook(name, progress) {
  const text = makeNotebook();
  const { ours, peer } = await driveVSCode(text, progress);
  const beside = (what, pick) => [
    {
      name: `${name}, ${what}`,
      unit: 'ms',
      ours: median(ours.flatMap(pick)),
      target: TARGETS[what.split(':')[0]],
    },
    {
      name: `${name}, the same of a Jupyter file`,
      unit: 'ms',
      ours: median(ours.flatMap(pick)),
      peer: median(peer.flatMap(pick)),
      peerName: "VS Code's Jupyter",
    },
  ];
  return [
    ...beside('open: from the click to its cells', ({ opened }) => opened),
    ...beside('key: from a key to its letter', ({ keys }) => keys),
    {
      name: `${name}, a key, 95 of 100`,
      unit: 'ms',
      ours: percentile(ours.flatMap(({ keys }) => keys)),
      peer: percentile(peer.flatMap(({ keys }) => keys)),
      peerName: "VS Code's Jupyter",
    },
    ...beside('save: from the keys to no mark of changes', ({ saves }) => saves),
    ...(await ownParts(name, text)),
    ...(await states(name, text)),
  ];
}

async function states(name, text) {
  const { unchanged, edited } = await askStatus(text);
  const row = (what, ours) => ({
    name: `${name}, ${what}, processor of the language server`,
    unit: 'ms',
    ours,
  });
  return [row('states of all cells', unchanged), row('an edit, its check and the states', edited)];
}

/** Milliseconds of processor time of what is ours: other work on the machine does not count. */
async function ownParts(name, text) {
  const files = Object.fromEntries(
    ['train', 'validation'].map((split) => [`/w/data/${split}.csv`, 'text,intent\n']),
  );
  const host = new MemoryHost({ files: { '/w/a.tunebook.md': text, ...files } });
  const { head, cells } = toCells(text);
  const parts = {
    'reading into cells': () => toCells(text),
    'checking all of it, the first time': () => check(['/w/a.tunebook.md'], host),
    'writing cells': () => fromCells(head, cells),
  };
  const rows = [];
  for (const [what, work] of Object.entries(parts)) {
    const times = [];
    for (let time = 0; time < TIMES; time++) {
      const start = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(start);
      times.push((user + system) / 1000);
    }
    rows.push({ name: `${name}, ${what}, processor`, unit: 'ms', ours: median(times) });
  }
  return rows;
}

function median(values) {
  return sorted(values)[Math.floor(values.length / 2)];
}

function percentile(values) {
  return sorted(values)[Math.floor(values.length * 0.95)];
}

function sorted(values) {
  return [...values].sort((a, b) => a - b);
}
