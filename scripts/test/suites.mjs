import { existsSync } from 'node:fs';
import { root } from '../setup/run.mjs';

/** The linters, each a program in node_modules/.bin with its arguments. */
export const LINTERS = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'eslint', command: ['eslint', '.'] },
  { name: 'formatting', command: ['prettier', '--check', '.', '--log-level', 'warn'] },
  { name: 'rooms', command: ['depcruise', 'src', '--config', '.dependency-cruiser.mjs'] },
];

/**
 * The Mocha suites in the order they run: quick ones first, so that a mistake shows early. `config` is a `.mocharc.json`;
 * a suite is here once its config is. `limit` is in minutes: a suite that hangs is ended then, with all it started.
 */
export const SUITES = [
  { name: 'unit', config: '.mocharc.json', needsBuild: false, limit: 10 },
  ...['cli', 'server', 'trainer', 'webview', 'vscode'].map((name) => ({
    name,
    config: `test/${name}/.mocharc.json`,
    needsBuild: true,
    limit: 10,
  })),
].filter(({ config }) => existsSync(`${root}${config}`));
