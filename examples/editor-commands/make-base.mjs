/**
 * Makes base/ anew, from nothing but the scripts beside this file: data, text, tokenizer, pretraining, bfloat16.
 *
 *   node make-base.mjs
 *
 * Took 20 minutes on one core of a busy machine, nearly all of it pretraining. `tunebook` is the one built in this repository, the one that
 * the environment variable TUNEBOOK names, or the one on the PATH. Data, text and tokenizer come out byte for byte the same; the
 * weights do so only on a like processor with as many threads.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBfloat16 } from './make/bfloat16.mjs';

/** The spread of weights that fine-tuning adds, such as the classification head; 0.04, 0.08 and 0.12 came out alike on the validation rows. */
const FRESH_WEIGHTS = 0.08;

const here = import.meta.dirname;
const base = join(here, 'base');

for (const script of ['make-data.mjs', 'make-text.mjs', 'make-tokenizer.mjs']) node(join(here, script));
const output = join(pretrain(), 'output');
const config = JSON.parse(readFileSync(join(output, 'config.json'), 'utf8'));
writeBfloat16(join(output, 'model.safetensors'), join(base, 'model.safetensors'));
write('config.json', { ...config, dtype: 'bfloat16', initializer_range: FRESH_WEIGHTS });

/** Runs pretrain.tune.yaml; returns the run directory. */
function pretrain() {
  const args = ['run', join(here, 'pretrain.tune.yaml'), 'pretrain', '--workspace', here, '--json'];
  const lines = tunebook(args).trim().split('\n');
  const finished = JSON.parse(lines.at(-1));
  if (finished.type !== 'finished') throw new Error(`the run ended with ${lines.at(-1)}`);
  console.log(`pretrained: ${finished.dir}, ${JSON.stringify(finished.metrics)}`);
  return finished.dir;
}

function tunebook(args) {
  const built = process.env['TUNEBOOK'] ?? join(here, '../../dist/tunebook.js');
  return existsSync(built) ? node(built, ...args) : run('tunebook', args);
}

function node(...args) {
  return run(process.execPath, args);
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

function write(name, value) {
  writeFileSync(join(base, name), `${JSON.stringify(value, undefined, 2)}\n`);
}
