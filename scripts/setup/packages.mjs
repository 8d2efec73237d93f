import { existsSync, readFileSync } from 'node:fs';
import { fail, root, run } from './run.mjs';

/** Node 24, from the `node` package in devDependencies. */
export const nodeExecutable = `${root}node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`;

/**
 * Installs the npm packages where node_modules is not what package-lock.json says. onnxruntime-node's install script would
 * fetch some 300 MB of CUDA libraries, which the package does not ship and no script here uses: it is told not to.
 */
export function ensurePackages() {
  if (isInstalled()) return;
  console.log('Installing the npm packages (about a minute)');
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js')
    ? { command: process.execPath, args: [process.env.npm_execpath] }
    : { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
  // Whatever the machine's own npm settings: the tools are devDependencies, and `node` comes by an install script.
  const flags = ['--include=dev', '--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error'];
  run(
    npm.command,
    [...npm.args, 'ci', ...flags],
    'npm could not install the packages (its message is above).',
    {
      ONNXRUNTIME_NODE_INSTALL: 'skip',
    },
  );
  if (!isInstalled())
    fail(
      'npm installed the packages without Node 24, which the `node` package brings by its install script. Allow install scripts (npm config get ignore-scripts), delete node_modules, and try again.',
    );
}

/** Whether npm's own record of what it installed equals package-lock.json, and `node` has brought its executable. */
function isInstalled() {
  if (!existsSync(nodeExecutable)) return false;
  const installed = readLock(`${root}node_modules/.package-lock.json`);
  const wanted = readLock(`${root}package-lock.json`);
  if (!installed || !wanted) return false;
  const optional = (entry) => entry.optional || entry.devOptional || entry.peer;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed.packages[path];
    return found ? found.version === entry.version && found.integrity === entry.integrity : optional(entry);
  });
}

function readLock(path) {
  if (!existsSync(path)) return undefined;
  return JSON.parse(readFileSync(path, 'utf8'));
}
