import { existsSync, readdirSync } from 'node:fs';
import { root } from '../setup/run.mjs';

/** The linters, each a program in node_modules/.bin with its arguments. */
export const LINTERS = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'eslint', command: ['eslint', '.'] },
  { name: 'formatting', command: ['prettier', '--check', '.', '--log-level', 'warn'] },
  { name: 'rooms', command: ['depcruise', 'src', '--config', '.dependency-cruiser.mjs'] },
];

/** The order of the suites: quick ones first, so that a mistake shows early. Others come before the last. */
const ORDER = ['cli', 'server', 'trainer', 'webview', 'vscode'];

/**
 * The Mocha suites: the unit tests beside the code, and each folder of test/ that has a `.mocharc.json`. `limit` is in minutes: a
 * suite that hangs is ended then, with all it started.
 */
export const SUITES = [
  { name: 'unit', config: '.mocharc.json', needsBuild: false, limit: 20 },
  ...readdirSync(`${root}test`)
    .map((name) => ({ name, config: `test/${name}/.mocharc.json`, needsBuild: true, limit: 40 }))
    .filter(({ config }) => existsSync(`${root}${config}`))
    .sort((a, b) => place(a.name) - place(b.name)),
];

function place(name) {
  const known = ORDER.indexOf(name);
  return known < 0 ? ORDER.length - 1.5 : known;
}
