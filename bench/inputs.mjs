/** The models and files that the benchmarks run on, made once under artifacts/bench. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { python } from '../scripts/python.mjs';
import { uniform } from './numbers.mjs';

const folder = fileURLToPath(new URL('../artifacts/bench', import.meta.url));

/** Where runs and inputs of the benchmarks lie. */
export function benchFolder() {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A file of the shared real data. */
export function shared(path) {
  return fileURLToPath(new URL(`../../shared/data/${path}`, import.meta.url));
}

export function hasShared(path) {
  return existsSync(shared(path));
}

/** all-MiniLM-L6-v2 with a 77-label head from a fixed seed; both sides start from these files. */
export function miniLM({ dropout = true } = {}) {
  const options = ['--labels', labelsFile(), ...(dropout ? [] : ['--no-dropout'])];
  return makeModel(dropout ? 'minilm' : 'minilm-no-dropout', 'minilm', options);
}

/** The same encoder with a head for WNUT-17's tags, without dropout. */
export function taggingModel() {
  return makeModel('minilm-wnut17', 'minilm-tagger', ['--labels', tagsFile(), '--no-dropout']);
}

/** A causal model of a given shape with random weights, and a tokenizer that was made on random words. */
export function shapeModel(shape) {
  return makeModel(shape, shape, ['--text', paddedTexts()]);
}

/** The 30 M GPT-2 shape without dropout, with a tokenizer that was made on the queries. */
export function wikisqlModel() {
  return makeModel('gpt2-wikisql', 'gpt2', [
    '--text',
    shared('mlx_lora/wikisql_train.jsonl'),
    '--no-dropout',
  ]);
}

/** Both sides start from these files; they are made once. */
function makeModel(name, shape, options) {
  const made = join(benchFolder(), name);
  if (existsSync(join(made, 'model.safetensors'))) return made;
  console.error(`Making the model ${name}`);
  python(['make_bench_model.py', made, '--shape', shape, ...options]);
  return made;
}

/** The adapter that PEFT draws over a workload's model; both sides of an epoch go on with it. */
export function drawnAdapter({ model, task, targets }) {
  const base = model();
  const made = `${base}-adapter`;
  if (existsSync(join(made, 'adapter_model.safetensors'))) return made;
  console.error(`Making the adapter ${made}`);
  const options = { model: base, task, targets: targets.join(','), method: 'lora', adapter: made };
  python([
    'make_bench_adapter.py',
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
  ]);
  return made;
}

/** A file of the benchmarks; whoever reads it while it is made finds none, or all of it. */
function makeFile(name, make) {
  const file = join(benchFolder(), name);
  if (existsSync(file)) return file;
  const part = `${file}.part`;
  writeFileSync(part, make());
  renameSync(part, file);
  return file;
}

/**
 * Rows of which every one fills `max_length: 64`, so that a batch of 16 is 16 × 64 real tokens: random words of the
 * vocabulary, random labels.
 */
export function paddedRows() {
  return makeFile('padded.csv', () => {
    const words = vocabulary().filter((word) => /^[a-z]{3,}$/.test(word));
    const labels = labelNames();
    const random = uniform(1);
    const pick = (list) => list[Math.floor(random.next().value * list.length)];
    const lines = Array.from(
      { length: 1600 },
      () => `${Array.from({ length: 70 }, () => pick(words)).join(' ')},${pick(labels)}`,
    );
    return `text,category\n${lines.join('\n')}\n`;
  });
}

/** Texts that fill `max_length: 128` under a tokenizer made on them: random words of random syllables. */
export function paddedTexts() {
  return makeFile('padded.jsonl', () => {
    const random = uniform(3);
    const pick = (list) => list[Math.floor(random.next().value * list.length)];
    const syllable = () => pick([...'bdfgklmnprstvz']) + pick([...'aeiou']);
    const word = () => Array.from({ length: pick([1, 2, 2, 3]) }, syllable).join('');
    const words = Array.from({ length: 3000 }, word);
    const texts = Array.from({ length: 400 }, () => Array.from({ length: 140 }, () => pick(words)).join(' '));
    return texts.map((text) => `${JSON.stringify({ text })}\n`).join('');
  });
}

/** Banking77's training rows in a fixed random order: the file's own order is sorted by label. */
export function shuffledBanking77() {
  return makeFile('banking77.csv', () => {
    const [header, ...rows] = csvRecords(readFileSync(shared('banking77/train.csv'), 'utf8'));
    const random = uniform(2);
    for (let i = rows.length - 1; i > 0; i--) {
      const j = Math.floor(random.next().value * (i + 1));
      [rows[i], rows[j]] = [rows[j], rows[i]];
    }
    return `${[header, ...rows].join('\n')}\n`;
  });
}

/** The 77 label names in the order of their ids. */
export function labelNames() {
  return JSON.parse(readFileSync(labelsFile(), 'utf8'));
}

/** WNUT-17's tags, sorted. */
export function tagNames() {
  const rows = readFileSync(shared('wnut17/train.jsonl'), 'utf8').split('\n').filter(Boolean);
  return [...new Set(rows.flatMap((row) => JSON.parse(row).ner_tags))].sort();
}

function tagsFile() {
  return makeFile('tags.json', () => JSON.stringify(tagNames()));
}

/** Banking77's own names where it is at hand; else as many made-up ones, for the padded shape. */
function labelsFile() {
  const own = shared('banking77/categories.json');
  if (existsSync(own)) return own;
  return makeFile('labels.json', () => JSON.stringify(Array.from({ length: 77 }, (_, i) => `label_${i}`)));
}

function vocabulary() {
  const { model } = JSON.parse(readFileSync(join(miniLM(), 'tokenizer.json'), 'utf8'));
  return Object.keys(model.vocab);
}

/** Whole CSV records as they stand, header first: a line break inside quotes does not end one. */
export function csvRecords(text) {
  return text.match(/(?:"[^"]*"|[^"\n])+/g).map((record) => record.replace(/\r$/, ''));
}
