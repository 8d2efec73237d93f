/** What the round trips have in common: Tunebook's command line, and logits of a folder by either side. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { python } from '../python.mjs';
import { fail, root } from '../setup/run.mjs';

/**
 * @typedef {{ name: string, reader: string, deviation: number, problem?: string }} Compared
 * @typedef {object} Output
 * @property {string} name
 * @property {string} reader
 * @property {string} folder what they load
 * @property {string} [ours] what we load, where it is another folder
 * @property {object} [loading] how they load it: fields of verify_output.py's requests
 * @property {string[]} [ourFlags] flags of our-logits.ts
 */

/** Trains a run of a config to its end. Returns the folder of its output. */
export function trainRun(config, name, workspace) {
  const { type, dir } = tunebook('run', config, name, workspace);
  if (type !== 'finished') fail(`tunebook run ${name} ended with ${type}`);
  return join(dir, 'output');
}

/** Carries out an export of a config. Returns its folder. */
export function exportModel(config, name, workspace) {
  return tunebook('export', config, name, workspace).folder;
}

/**
 * Holds the logits that transformers or PEFT compute from folders against ours.
 * @param {Output[]} outputs
 * @param {{ texts: string[], max_length: number }} rows
 * @returns {Compared[]}
 */
export function compareOutputs(outputs, rows) {
  const requests = outputs.map(({ folder, loading = {} }) => ({ folder, ...loading, ...rows }));
  const found = JSON.parse(python(['verify_output.py'], { input: JSON.stringify(requests) }));
  return outputs.map(({ name, reader, folder, ours = folder, ourFlags = [] }, index) => {
    const theirs = found[index];
    if (theirs.error) return { name, reader, deviation: Infinity, problem: theirs.error };
    const strangers = [...theirs.missing_keys, ...theirs.unexpected_keys];
    return {
      name,
      reader,
      deviation: largestDifference(ourLogits(ours, theirs.input_ids, ourFlags), theirs.logits),
      ...(strangers.length > 0 ? { problem: `keys that do not fit: ${strangers.join(', ')}` } : {}),
    };
  });
}

/** The logits that Tunebook computes for a folder. */
export function ourLogits(folder, input_ids, flags = []) {
  const args = ['scripts/parity/our-logits.ts', folder, ...flags];
  const input = JSON.stringify({ input_ids });
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    input,
  });
  if (status !== 0) fail(`${folder} could not be loaded:\n${stderr}`);
  return JSON.parse(stdout).logits;
}

/** The largest distance of two lists of numbers, however deep; infinite where they are of different lengths. */
export function largestDifference(ours, theirs) {
  const [a, b] = [ours.flat(2), theirs.flat(2)];
  if (a.length !== b.length || a.length === 0) return Infinity;
  return a.reduce((worst, x, i) => {
    const difference = Math.abs(x - b[i]);
    return Number.isNaN(difference) || difference > worst ? difference : worst;
  }, 0);
}

/** The last object that a command prints. */
function tunebook(command, config, name, workspace) {
  const args = ['dist/tunebook.js', command, config, name, '--workspace', workspace, '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) fail(`tunebook ${command} ${name} failed:\n${stderr}${stdout}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}
