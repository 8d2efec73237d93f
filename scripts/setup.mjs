/**
 * Makes a fresh clone ready, and says nothing where nothing is to be done. It needs only Node 20 and npm.
 *
 *   node scripts/setup.mjs                       the npm packages
 *   node scripts/setup.mjs --vscode              also the VS Code that `npm run code` opens
 *   node scripts/setup.mjs --test                also Chromium and what else the tests drive
 *   node scripts/setup.mjs … --run FILE [ARG…]   then runs FILE under the project's own Node 24
 *
 * `--run` is needed because a shell remembers where it found `node`: in `node scripts/setup.mjs && node FILE` the second
 * `node` would still be the machine's own, though node_modules/.bin stands first on PATH by then.
 */
import { installSystemPackages } from './setup/debian.mjs';
import { foreground } from './setup/foreground.mjs';
import { ensurePackages, nodeExecutable } from './setup/packages.mjs';
import { run } from './setup/run.mjs';

const at = process.argv.indexOf('--run');
const flags = process.argv.slice(2, at < 0 ? undefined : at);
const then = at < 0 ? [] : process.argv.slice(at + 1);

ensurePackages();
if (flags.includes('--test') || flags.includes('--vscode'))
  run(nodeExecutable, ['test/vscode/install.mjs'], 'Could not install the VS Code of the tests.');
if (flags.includes('--test')) installSystemPackages();
if (then.length > 0) process.exitCode = await foreground(nodeExecutable, then);
