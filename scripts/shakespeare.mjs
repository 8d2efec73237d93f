/**
 * stories260K, a Llama of 260,000 parameters that was pretrained on children's stories, fine-tuned on tinyshakespeare with the
 * built command line, from `../shared`.
 *
 *   npm run shakespeare
 *
 * docs/benchmarks.md keeps the output. About two minutes on two cores.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'artifacts/shakespeare');
const text = fileURLToPath(new URL('../../shared/data/tinyshakespeare/input.txt', import.meta.url));
const base = fileURLToPath(new URL('../../shared/models/stories260K/hf', import.meta.url));

for (const needed of [text, base]) {
  if (existsSync(needed)) continue;
  console.error(`${needed} is not there.`);
  process.exit(1);
}
node('scripts/setup.mjs');
node('esbuild.mjs', '--only', 'tunebook');

mkdirSync(folder, { recursive: true });
splitText(readFileSync(text, 'utf8'));
writeFileSync(
  join(folder, 'shakespeare.tune.yaml'),
  `dataset: shakespeare
files: { train: train.txt, validation: validation.txt }
format: text
sample_by: paragraph
---
run: shakespeare
model: { base: ${JSON.stringify(base)}, task: text-generation }
data: { train: shakespeare.train, eval: shakespeare.validation, max_length: 256, packing: true, packing_strategy: wrapped }
train:
  num_train_epochs: 3
  per_device_train_batch_size: 8
  learning_rate: 2.0e-3
  lr_scheduler_type: cosine
  warmup_steps: 10
  eval_strategy: epoch
  save_strategy: no
`,
);
node('dist/tunebook.js', 'run', join(folder, 'shakespeare.tune.yaml'), 'shakespeare', '--workspace', folder);

/** The last tenth of the text, from the beginning of a speech, is for validation. */
function splitText(whole) {
  const border = whole.indexOf('\n\n', Math.floor(0.9 * whole.length));
  writeFileSync(join(folder, 'train.txt'), whole.slice(0, border));
  writeFileSync(join(folder, 'validation.txt'), whole.slice(border));
}

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
