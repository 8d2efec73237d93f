/**
 * Makes base/ anew, from nothing but the scripts beside this file: data, text, tokenizer, pretraining, bfloat16.
 *
 *   node make/make-base.mjs
 *
 * Took 20 minutes on one core of a busy machine, nearly all of it pretraining. `make/run.mjs` says which
 * `tunebook` it is. Data, text and tokenizer come out byte for byte the same; the
 * weights do so only on a like processor with as many threads.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeBfloat16 } from './bfloat16.mjs';
import { node, runConfig } from './run.mjs';

/** The spread of weights that fine-tuning adds, such as the classification head; 0.04, 0.08 and 0.12 came out alike on the validation rows. */
const FRESH_WEIGHTS = 0.08;

const here = join(import.meta.dirname, '..');
const base = join(here, 'base');

for (const script of ['make-data.mjs', 'make-text.mjs', 'make-tokenizer.mjs'])
  node(join(import.meta.dirname, script));
const output = join(runConfig('make/pretrain.yaml', 'pretrain'), 'output');
const config = JSON.parse(readFileSync(join(output, 'config.json'), 'utf8'));
writeBfloat16(join(output, 'model.safetensors'), join(base, 'model.safetensors'));
write('config.json', { ...config, dtype: 'bfloat16', initializer_range: FRESH_WEIGHTS });

function write(name, value) {
  writeFileSync(join(base, name), `${JSON.stringify(value, undefined, 2)}\n`);
}
