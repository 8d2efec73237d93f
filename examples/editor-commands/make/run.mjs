/** Starts Node and `tunebook`: the one built in this repository, the one that the environment variable TUNEBOOK names, or the one on the PATH. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..');

/** Runs a run of a config of the example to its end; returns the run directory. */
export function runConfig(config, name) {
  const args = ['run', join(folder, config), name, '--workspace', folder, '--json'];
  const lines = tunebook(args).trim().split('\n');
  const finished = JSON.parse(lines.at(-1));
  if (finished.type !== 'finished') throw new Error(`the run ended with ${lines.at(-1)}`);
  console.log(`${name}: ${finished.dir}, ${JSON.stringify(finished.metrics)}`);
  return finished.dir;
}

/** Runs a script; returns what it printed, and ends the process where it fails. */
export function node(...args) {
  return run(process.execPath, args);
}

function tunebook(args) {
  const built = process.env['TUNEBOOK'] ?? join(folder, '../../dist/tunebook.js');
  return existsSync(built) ? node(built, ...args) : run('tunebook', args);
}

function run(command, args) {
  console.log(`> ${[command, ...args].join(' ')}`);
  const { status, stdout, error } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 30,
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
  return stdout;
}
