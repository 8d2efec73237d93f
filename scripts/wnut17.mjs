/**
 * all-MiniLM-L6-v2 fine-tuned on WNUT-17 with the built command line and with Hugging Face Trainer, several seeds each: does the
 * entity F1 on the test split lie within the same spread? From `../shared/data/wnut17`. Each side draws its own head, order and dropout.
 *
 *   npm run wnut17 [-- SEEDS]     three when absent
 *
 * docs/benchmarks.md keeps the output. A few minutes a seed on two cores.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasShared, shared, tagNames } from '../bench/inputs.mjs';
import { installMiniLM, minilmFolder } from './minilm.mjs';
import { python } from './python.mjs';
import { fail, root, run } from './setup/run.mjs';
import { writeConfig } from './write-config.mjs';

const folder = join(root, 'artifacts/wnut17');
const SETTINGS = {
  num_train_epochs: 3,
  per_device_train_batch_size: 16,
  per_device_eval_batch_size: 64,
  learning_rate: 2e-4,
  weight_decay: 0.01,
  warmup_steps: 100,
};
const MAX_LENGTH = 128;

if (!hasShared('wnut17/train.jsonl')) fail('../shared/data/wnut17 is not there.');
if (!installMiniLM()) fail('all-MiniLM-L6-v2 could not be installed: it needs Python 3 with pip.');
const seeds = Number(process.argv[2] ?? 3);
if (!Number.isInteger(seeds) || seeds < 2) fail('How many seeds? Two or more.');
run(process.execPath, ['esbuild.mjs', '--only', 'tunebook'], 'The build failed.');

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const found = { ours: [], Trainer: [] };
for (let seed = 1; seed <= seeds; seed++) {
  found.ours.push(ours(seed));
  found.Trainer.push(theirs(seed));
  for (const [side, values] of Object.entries(found))
    console.log(`seed ${seed}  ${side.padEnd(8)} F1 ${percent(values.at(-1))} %`);
}
for (const [side, values] of Object.entries(found)) console.log(summary(side, values));
const worse = mean(found.Trainer) - mean(found.ours);
const chance = 2 * Math.hypot(standardError(found.ours), standardError(found.Trainer));
console.log(
  `Trainer's mean less ours: ${percent(worse)} points; twice the standard error of that is ${percent(chance)}.`,
);
if (worse > chance) fail('Ours is worse by more than chance.');

/** Entity F1 on the test split after the last epoch, which nothing was chosen by. */
function ours(seed) {
  const name = `seed-${seed}`;
  const documents = [
    {
      dataset: 'wnut17',
      files: { train: shared('wnut17/train.jsonl'), test: shared('wnut17/test.jsonl') },
      format: 'tokens',
      columns: { tokens: 'tokens', tags: 'ner_tags' },
      labels: tagNames(),
    },
    {
      run: name,
      model: { base: minilmFolder(), task: 'token-classification' },
      data: { train: 'wnut17.train', eval: 'wnut17.test', max_length: MAX_LENGTH },
      train: { ...SETTINGS, seed, eval_strategy: 'epoch', save_strategy: 'no' },
      target: { local: { device: 'cpu' } },
    },
  ];
  const file = writeConfig(join(folder, `${name}.tune.yaml`), documents);
  run(process.execPath, ['dist/tunebook.js', 'run', file, name, '--workspace', folder], 'The run failed.');
  const runs = join(folder, '.tunebook', 'runs');
  const id = readdirSync(runs).find((each) => each.includes(`-${name}-`));
  const events = readFileSync(join(runs, id, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return events.map((line) => JSON.parse(line).values?.eval_f1).findLast((value) => value !== undefined);
}

function theirs(seed) {
  const files = [minilmFolder(), shared('wnut17/train.jsonl'), shared('wnut17/test.jsonl')];
  const input = JSON.stringify({ ...SETTINGS, seed, max_length: MAX_LENGTH, labels: tagNames() });
  return JSON.parse(python(['train_wnut17.py', ...files], { input })).f1;
}

function summary(side, values) {
  const sorted = values.toSorted((a, b) => a - b).map(percent);
  return `${side.padEnd(8)} mean ${percent(mean(values))} %, from ${sorted[0]} to ${sorted.at(-1)}, ${values.length} seeds`;
}

function percent(share) {
  return (100 * share).toFixed(1);
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Of the mean. */
function standardError(values) {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
