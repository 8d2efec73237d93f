/**
 * stories260K, a Llama of 260,000 parameters that was pretrained on children's stories, fine-tuned with the built command line on
 * other texts, from `../shared`.
 *
 *   npm run shakespeare    tinyshakespeare, all of it, in rows of 256 tokens
 *   npm run wikisql        questions about tables and their answers in SQL; then both models on the test split
 *
 * docs/benchmarks.md keeps the output. Two minutes each on two cores.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shared } from '../bench/inputs.mjs';
import { fail, root, run } from './setup/run.mjs';
import { writeConfig } from './write-config.mjs';

const BASE = fileURLToPath(new URL('../../shared/models/stories260K/hf', import.meta.url));
const TRAIN = {
  per_device_train_batch_size: 8,
  learning_rate: 2e-3,
  lr_scheduler_type: 'cosine',
  warmup_steps: 10,
  eval_on_start: true,
  eval_strategy: 'epoch',
  save_strategy: 'no',
};
const TEXTS = {
  shakespeare: {
    needs: 'tinyshakespeare/input.txt',
    files: splitShakespeare,
    dataset: { format: 'text', sample_by: 'paragraph' },
    data: { max_length: 256, packing: true, packing_strategy: 'wrapped' },
    train: { num_train_epochs: 3 },
  },
  wikisql: {
    needs: 'mlx_lora/wikisql_train.jsonl',
    files: () => ({
      train: shared('mlx_lora/wikisql_train.jsonl'),
      validation: shared('mlx_lora/wikisql_valid.jsonl'),
      test: shared('mlx_lora/wikisql_test.jsonl'),
    }),
    dataset: { format: 'text' },
    data: { max_length: 512 },
    // Four epochs at this rate were best on the validation split: docs/benchmarks.md.
    train: { num_train_epochs: 4 },
  },
};

const name = process.argv[2] ?? '';
if (!Object.hasOwn(TEXTS, name)) fail(`On which text? ${Object.keys(TEXTS).join(' or ')}.`);
const text = TEXTS[name];
for (const needed of [shared(text.needs), BASE]) if (!existsSync(needed)) fail(`${needed} is not there.`);

const folder = join(root, 'artifacts', name);
mkdirSync(folder, { recursive: true });
const files = text.files();
const config = join(folder, `${name}.tune.yaml`);
const documents = [
  { dataset: name, files, ...text.dataset },
  {
    run: name,
    model: { base: BASE, task: 'text-generation' },
    data: { train: `${name}.train`, eval: `${name}.validation`, ...text.data },
    train: { ...TRAIN, ...text.train },
  },
  {
    evaluate: name,
    data: `${name}.${files.test ? 'test' : 'validation'}`,
    metrics: ['perplexity', 'bits_per_byte'],
    candidates: { pretrained: { model: BASE }, tuned: { run: name } },
  },
];
writeConfig(config, documents);
run(process.execPath, ['esbuild.mjs', '--only', 'tunebook'], 'The build failed.');
tunebook('run');
if (files.test) tunebook('evaluate');

/** The last tenth of the text, from the beginning of a speech, is for validation. */
function splitShakespeare() {
  const whole = readFileSync(shared(text.needs), 'utf8');
  const border = whole.indexOf('\n\n', Math.floor(0.9 * whole.length));
  return {
    train: write('train.txt', whole.slice(0, border)),
    validation: write('validation.txt', whole.slice(border)),
  };
}

function write(file, content) {
  writeFileSync(join(folder, file), content);
  return file;
}

function tunebook(command) {
  const args = ['dist/tunebook.js', command, config, name, '--workspace', folder];
  run(process.execPath, args, `tunebook ${command} failed.`);
}
