/**
 * Makes writer/ anew, from nothing but the scripts beside this file: text, tokenizer, pretraining, bfloat16; and the rows that it is tuned on.
 *
 *   node make/make-writer.mjs
 *
 * Some fifteen minutes on one core, nearly all of it pretraining. Everything but the weights comes out byte for byte the same.
 */
import { writeBfloat16 } from './bfloat16.mjs';
import { node, runConfig } from './run.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = join(import.meta.dirname, '..');
const writer = join(here, 'writer');

for (const script of ['make-writer-data.mjs', 'make-writer-text.mjs', 'make-writer-tokenizer.mjs'])
  node(join(import.meta.dirname, script));
const output = join(runConfig('make/pretrain-writer.yaml', 'pretrain-writer'), 'output');
writeBfloat16(join(output, 'model.safetensors'), join(writer, 'model.safetensors'));
const config = JSON.parse(readFileSync(join(output, 'config.json'), 'utf8'));
writeFileSync(
  join(writer, 'config.json'),
  `${JSON.stringify({ ...config, dtype: 'bfloat16' }, undefined, 2)}\n`,
);
