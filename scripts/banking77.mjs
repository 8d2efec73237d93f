/**
 * all-MiniLM-L6-v2 fine-tuned on Banking77 with the built command line, from `../shared/data/banking77`.
 *
 *   npm run banking77                            trains with the settings below and evaluates on the test split
 *   npm run banking77 -- --validate 1e-4 2e-4    trains with each learning rate and evaluates on rows cut from the
 *                                                training split: so the one below was found to be best of 1e-4, 2e-4, 4e-4
 *
 * docs/benchmarks.md keeps the output. About eight minutes a training on two cores.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { csvRecords, hasShared, labelNames, shared } from '../bench/inputs.mjs';
import { uniform } from '../bench/numbers.mjs';
import { installMiniLM, minilmFolder } from './minilm.mjs';
import { writeConfig } from './write-config.mjs';

const LEARNING_RATE = 2e-4;
const VALIDATION_ROWS = 1000;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'artifacts/banking77');

if (!hasShared('banking77/train.csv')) fail('../shared/data/banking77 is not there.');
if (!installMiniLM()) fail('all-MiniLM-L6-v2 could not be installed: it needs Python 3 with pip.');
node('scripts/setup.mjs');
node('esbuild.mjs', '--only', 'tunebook');

const at = process.argv.indexOf('--validate');
const rates = at === -1 ? [LEARNING_RATE] : process.argv.slice(at + 1).map(Number);
if (rates.length === 0 || rates.some((rate) => !(rate > 0)))
  fail('--validate takes learning rates: 1e-4 2e-4');
const config = makeConfig(rates, at === -1 ? 'test' : 'validation');
for (const rate of rates) tunebook('run', config, runName(rate));
tunebook('evaluate', config, 'banking77');

function makeConfig(learningRates, split) {
  mkdirSync(folder, { recursive: true });
  const [header, ...rows] = csvRecords(readFileSync(shared('banking77/train.csv'), 'utf8'));
  const random = uniform(77);
  const keys = new Map(rows.map((row) => [row, random.next().value]));
  const mixed = rows.sort((a, b) => keys.get(a) - keys.get(b));
  write('validation.csv', [header, ...mixed.slice(0, VALIDATION_ROWS)].join('\n'));
  write('train.csv', [header, ...mixed.slice(VALIDATION_ROWS)].join('\n'));
  const runs = learningRates.map((rate) => run(rate));
  const candidates = Object.fromEntries(learningRates.map((rate) => [runName(rate), { run: runName(rate) }]));
  const evaluation = { evaluate: 'banking77', data: `banking77.${split}`, candidates };
  const documents = [dataset(), ...runs, evaluation];
  return writeConfig(join(folder, 'banking77.tune.yaml'), documents);
}

function dataset() {
  return {
    dataset: 'banking77',
    files: { train: 'train.csv', validation: 'validation.csv', test: shared('banking77/test.csv') },
    format: 'classification',
    columns: { text: 'text', label: 'category' },
    labels: labelNames(),
  };
}

function run(learning_rate) {
  return {
    run: runName(learning_rate),
    model: { base: minilmFolder(), task: 'text-classification', num_labels: 77 },
    data: { train: 'banking77.train', eval: 'banking77.validation', max_length: 64 },
    train: {
      num_train_epochs: 5,
      per_device_train_batch_size: 16,
      per_device_eval_batch_size: 64,
      learning_rate,
      warmup_steps: 0.06,
      weight_decay: 0.01,
      eval_strategy: 'epoch',
      save_strategy: 'no',
    },
  };
}

function runName(rate) {
  return `minilm-${rate.toExponential().replace('.', '_')}`;
}

function write(name, text) {
  const path = join(folder, name);
  writeFileSync(path, `${text}\n`);
  return path;
}

function tunebook(...args) {
  node('dist/tunebook.js', ...args, '--workspace', folder);
}

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
