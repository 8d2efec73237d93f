import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { python } from '../python.mjs';
import { fail, root } from '../setup/run.mjs';

const LABELS = 5;

/** Runs whose outputs are loaded by others. Dropout is off in the fixtures; it would not show in an output anyway. */
const CONFIG = `
dataset: rows
files: { train: train.csv, test: test.csv }
format: classification
columns: { text: text, label: label }
---
dataset: lines
files: { train: train.csv }
format: text
columns: { text: text }
---
run: full
model: { base: ./classifier, num_labels: ${LABELS} }
data: { train: rows.train, eval: rows.test, max_length: 40 }
train: { max_steps: 12, learning_rate: 1.0e-3, save_strategy: "no" }
target: { local: { device: cpu } }
---
run: full-over-another-head
extends: full
model: { base: ./masked, num_labels: ${LABELS} }
---
run: lora
extends: full
method: { lora: { r: 4, lora_alpha: 8, target_modules: [query, value] } }
train: { max_steps: 12, learning_rate: 5.0e-3, save_strategy: "no" }
---
run: lora-all-linear
extends: lora
method: { lora: { r: 2, lora_alpha: 3, target_modules: all-linear, use_rslora: true } }
---
run: lora-with-a-fresh-pooler
extends: lora
model: { base: ./masked, num_labels: ${LABELS} }
---
run: fill-mask
model: { base: ./masked, task: fill-mask }
data: { train: lines.train, max_length: 40 }
train: { max_steps: 12, learning_rate: 1.0e-3, save_strategy: "no" }
target: { local: { device: cpu } }
---
run: fill-mask-lora
extends: fill-mask
method: { lora: { r: 4, target_modules: all-linear } }
---
export: lora-merged
model: run:lora-all-linear
folder: exported/lora
---
export: pooler-merged
extends: lora-merged
model: run:lora-with-a-fresh-pooler
folder: exported/pooler
---
export: fill-mask-merged
extends: lora-merged
model: run:fill-mask-lora
folder: exported/fill-mask
`;

/** What loads each output. An adapter whose base has no classifier must be told how many labels there are. */
const OUTPUTS = [
  { run: 'full', reader: 'transformers', flags: [] },
  { run: 'full-over-another-head', reader: 'transformers', flags: [] },
  { run: 'lora', reader: 'PEFT', flags: [] },
  { run: 'lora-all-linear', reader: 'PEFT', flags: [] },
  { run: 'lora-with-a-fresh-pooler', reader: 'PEFT', flags: ['--num-labels', String(LABELS)] },
  { run: 'fill-mask', reader: 'transformers', flags: [] },
  { run: 'fill-mask-lora', reader: 'PEFT', flags: [] },
];

/** Exports of these runs: adapters that were added into their bases. */
const EXPORTS = {
  'lora-merged': 'lora-all-linear',
  'pooler-merged': 'lora-with-a-fresh-pooler',
  'fill-mask-merged': 'fill-mask-lora',
};

/**
 * Trains and exports with the built command line in a temporary workspace, and compares the logits that transformers or
 * PEFT compute from each output with ours.
 * @returns {{ name: string, reader: string, deviation: number, problem?: string }[]}
 */
export function ourOutputsInTheirs(fixtures, workspace) {
  cpSync(join(fixtures, 'bert-classifier'), join(workspace, 'classifier'), { recursive: true });
  cpSync(join(fixtures, 'bert-mlm'), join(workspace, 'masked'), { recursive: true });
  for (const file of ['train.csv', 'test.csv'])
    cpSync(join(workspace, 'classifier', file), join(workspace, file));
  const config = join(workspace, 'parity.tune.yaml');
  writeFileSync(config, CONFIG.trimStart());
  const texts = readFileSync(join(workspace, 'test.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1, 13)
    .map((line) => line.split(',')[0]);
  const outputs = Object.fromEntries(
    OUTPUTS.map(({ run }) => [run, join(trainRun(config, run, workspace), 'output')]),
  );
  const compare = ({ name, folder, ours, reader, flags }) => {
    const request = JSON.stringify({ texts, max_length: 40 });
    const theirs = JSON.parse(python(['verify_output.py', folder, ...flags], { input: request }));
    const strangers = [...theirs.missing_keys, ...theirs.unexpected_keys];
    return {
      name,
      reader,
      deviation: largestDifference(ourLogits(ours, theirs.input_ids), theirs.logits),
      ...(strangers.length > 0 ? { problem: `keys that do not fit: ${strangers.join(', ')}` } : {}),
    };
  };
  return [
    ...OUTPUTS.map(({ run, reader, flags }) =>
      compare({ name: run, folder: outputs[run], ours: outputs[run], reader, flags }),
    ),
    // What transformers computes from the export is held against what we compute from the adapter over its base.
    ...Object.entries(EXPORTS).map(([name, run]) => {
      const folder = tunebook('export', config, name, workspace).folder;
      return compare({ name, folder, ours: outputs[run], reader: 'transformers', flags: [] });
    }),
  ];
}

/**
 * Has transformers and PEFT save models and adapters, and compares our logits of them with theirs.
 * @returns {{ name: string, reader: string, deviation: number }[]}
 */
export function theirOutputsInOurs(fixtures, folder) {
  const { input_ids } = JSON.parse(readFileSync(join(fixtures, 'bert-classifier', 'data.json'), 'utf8'));
  const rows = input_ids.slice(0, 8);
  const made = JSON.parse(
    python(['save_with_peft.py', join(fixtures, 'bert-classifier'), join(fixtures, 'bert-mlm'), folder], {
      input: JSON.stringify({ input_ids: rows }),
    }),
  );
  return Object.entries(made).map(([name, logits]) => ({
    name,
    reader: 'Tunebook',
    deviation: largestDifference(ourLogits(join(folder, name), rows), logits),
  }));
}

function trainRun(config, name, workspace) {
  const { type, dir } = tunebook('run', config, name, workspace);
  if (type !== 'finished') fail(`tunebook run ${name} ended with ${type}`);
  return dir;
}

/** The last object that a command prints. */
function tunebook(command, config, name, workspace) {
  const args = ['dist/tunebook.js', command, config, name, '--workspace', workspace, '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) fail(`tunebook ${command} ${name} failed:\n${stderr}${stdout}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function ourLogits(folder, input_ids) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/parity/our-logits.ts', folder], {
    cwd: root,
    encoding: 'utf8',
    input: JSON.stringify({ input_ids }),
  });
  if (status !== 0) fail(`${folder} could not be loaded:\n${stderr}`);
  return JSON.parse(stdout).logits;
}

function largestDifference(ours, theirs) {
  const [a, b] = [ours.flat(2), theirs.flat(2)];
  if (a.length !== b.length || a.length === 0) return Infinity;
  return a.reduce((worst, x, i) => {
    const difference = Math.abs(x - b[i]);
    return Number.isNaN(difference) || difference > worst ? difference : worst;
  }, 0);
}
