/** The models and files that the benchmarks run on, made once under artifacts/bench. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { python } from '../scripts/python.mjs';
import { uniform } from './numbers.mjs';

const folder = fileURLToPath(new URL('../artifacts/bench', import.meta.url));
export const banking77 = fileURLToPath(new URL('../../shared/data/banking77', import.meta.url));

/** Where runs and inputs of the benchmarks lie. */
export function benchFolder() {
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function hasBanking77() {
  return existsSync(join(banking77, 'train.csv'));
}

/** all-MiniLM-L6-v2 with a 77-label head from a fixed seed; both sides start from these files. */
export function miniLM({ dropout = true } = {}) {
  const made = join(benchFolder(), dropout ? 'minilm' : 'minilm-no-dropout');
  if (!existsSync(join(made, 'model.safetensors'))) {
    console.error('Making the models of the benchmarks');
    python(['make_bench_model.py', folder, '--labels', labelsFile()]);
  }
  return made;
}

/**
 * Rows of which every one fills `max_length: 64`, so that a batch of 16 is 16 × 64 real tokens: random words of the
 * vocabulary, random labels.
 */
export function paddedRows(rows = 1600) {
  const file = join(benchFolder(), 'padded.csv');
  const words = vocabulary().filter((word) => /^[a-z]{3,}$/.test(word));
  const labels = labelNames();
  const random = uniform(1);
  const pick = (list) => list[Math.floor(random.next().value * list.length)];
  const lines = Array.from(
    { length: rows },
    () => `${Array.from({ length: 70 }, () => pick(words)).join(' ')},${pick(labels)}`,
  );
  writeFileSync(file, `text,category\n${lines.join('\n')}\n`);
  return file;
}

/** Banking77's training rows in a fixed random order: the file's own order is sorted by label. */
export function shuffledBanking77() {
  const file = join(benchFolder(), 'banking77.csv');
  const [header, ...rows] = csvRecords(readFileSync(join(banking77, 'train.csv'), 'utf8'));
  const random = uniform(2);
  for (let i = rows.length - 1; i > 0; i--) {
    const j = Math.floor(random.next().value * (i + 1));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  writeFileSync(file, `${[header, ...rows].join('\n')}\n`);
  return file;
}

/** The 77 label names in the order of their ids. */
export function labelNames() {
  return JSON.parse(readFileSync(labelsFile(), 'utf8'));
}

/** Banking77's own names where it is at hand; else as many made-up ones, for the padded shape. */
function labelsFile() {
  const own = join(banking77, 'categories.json');
  if (existsSync(own)) return own;
  const made = join(benchFolder(), 'labels.json');
  writeFileSync(made, JSON.stringify(Array.from({ length: 77 }, (_, i) => `label_${i}`)));
  return made;
}

function vocabulary() {
  const { model } = JSON.parse(readFileSync(join(miniLM(), 'tokenizer.json'), 'utf8'));
  return Object.keys(model.vocab);
}

/** Whole CSV records as they stand, header first: a line break inside quotes does not end one. */
export function csvRecords(text) {
  return text.match(/(?:"[^"]*"|[^"\n])+/g).map((record) => record.replace(/\r$/, ''));
}
