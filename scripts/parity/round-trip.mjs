import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { python } from '../python.mjs';
import { compareOutputs, exportModel, largestDifference, ourLogits, trainRun } from './outputs.mjs';

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
run: lora-with-biases
extends: lora
method: { lora: { r: 4, lora_alpha: 8, target_modules: [query, value], bias: all } }
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
run: fill-mask-lora-with-biases
extends: fill-mask
method: { lora: { r: 4, target_modules: all-linear, bias: all } }
---
export: lora-merged
model: run:lora-all-linear
folder: exported/lora
---
export: biases-merged
model: run:lora-with-biases
folder: exported/biases
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
  { run: 'full', reader: 'transformers' },
  { run: 'full-over-another-head', reader: 'transformers' },
  { run: 'lora', reader: 'PEFT' },
  { run: 'lora-all-linear', reader: 'PEFT' },
  { run: 'lora-with-biases', reader: 'PEFT' },
  { run: 'lora-with-a-fresh-pooler', reader: 'PEFT', loading: { num_labels: LABELS } },
  { run: 'fill-mask', reader: 'transformers' },
  { run: 'fill-mask-lora', reader: 'PEFT' },
  { run: 'fill-mask-lora-with-biases', reader: 'PEFT' },
];

/** Exports of these runs: adapters that were added into their bases. */
const EXPORTS = {
  'lora-merged': 'lora-all-linear',
  'biases-merged': 'lora-with-biases',
  'pooler-merged': 'lora-with-a-fresh-pooler',
  'fill-mask-merged': 'fill-mask-lora',
};

/**
 * Trains and exports with the built command line in a temporary workspace, and compares the logits that transformers or
 * PEFT compute from each output with ours.
 * @returns {import('./outputs.mjs').Compared[]}
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
  const outputs = Object.fromEntries(OUTPUTS.map(({ run }) => [run, trainRun(config, run, workspace)]));
  const compared = [
    ...OUTPUTS.map(({ run, ...output }) => ({ name: run, folder: outputs[run], ...output })),
    // What transformers computes from the export is held against what we compute from the adapter over its base.
    ...Object.entries(EXPORTS).map(([name, run]) => {
      const folder = exportModel(config, name, workspace);
      return { name, folder, ours: outputs[run], reader: 'transformers' };
    }),
  ];
  return compareOutputs(compared, { texts, max_length: 40 });
}

/**
 * Has transformers and PEFT save models and adapters, and compares our logits of them with theirs.
 * @param fixtures the folder of the BERT models
 * @param families that of the families' models
 * @returns {import('./outputs.mjs').Compared[]}
 */
export function theirOutputsInOurs(fixtures, families, folder) {
  const { input_ids } = JSON.parse(readFileSync(join(fixtures, 'bert-classifier', 'data.json'), 'utf8'));
  const rows = input_ids.slice(0, 8);
  const made = JSON.parse(
    python(
      ['save_with_peft.py', join(fixtures, 'bert-classifier'), join(fixtures, 'bert-mlm'), families, folder],
      { input: JSON.stringify({ input_ids: rows }) },
    ),
  );
  return Object.entries(made).map(([name, logits]) => ({
    name,
    reader: 'Tunebook',
    deviation: largestDifference(ourLogits(join(folder, name), rows), logits),
  }));
}
