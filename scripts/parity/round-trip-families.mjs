import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeConfig } from '../write-config.mjs';
import { compareOutputs, exportModel, trainRun } from './outputs.mjs';

const LABELS = ['alpha', 'bravo', 'charlie', 'delta', 'echo'];

/** What every run has; dropout is off in these models. */
const TRAIN = { max_steps: 12, learning_rate: 5e-3, per_device_train_batch_size: 8, save_strategy: 'no' };

const lora = (settings = {}) => ({ lora: { r: 4, lora_alpha: 8, ...settings } });
const ALL = { target_modules: 'all-linear' };
const PATTERNS = {
  ...ALL,
  rank_pattern: { q_proj: 2, 'layers\\.1\\.self_attn\\.(k|v)_proj': 6 },
  alpha_pattern: { o_proj: 3 },
  exclude_modules: ['up_proj'],
};

const EXPRESSIONS = {
  target_modules: '.*\\.(q|v|down)_proj',
  exclude_modules: '.*\\.0\\..*',
  init_lora_weights: 'gaussian',
};

/** Runs that go on with texts: a model of the families, and what is trained of it. */
const CAUSAL = {
  'gpt2-lora': ['gpt2-causal', lora()],
  'gpt2-dora': ['gpt2-causal', lora({ ...ALL, use_dora: true })],
  'llama-lora': ['llama-causal', lora()],
  'llama-dora': ['llama-causal', lora({ ...ALL, use_dora: true, use_rslora: true })],
  'llama-patterns': ['llama3-causal', lora(PATTERNS)],
  'llama-expressions': ['llama-causal', lora(EXPRESSIONS)],
  'llama-head-saved-whole': ['llama-causal', lora({ modules_to_save: ['lm_head', 'embed_tokens'] })],
  'qwen2-words-saved-whole': ['qwen2-causal', lora({ modules_to_save: ['embed_tokens'] })],
  'mistral-lora': ['mistral-causal', lora(ALL)],
  'qwen2-lora': ['qwen2-causal', lora(ALL)],
  'qwen2-lora-biases': ['qwen2-causal', lora({ bias: 'all' })],
  'qwen2-lora-biases-of-targets': ['qwen2-causal', lora({ ...ALL, bias: 'lora_only' })],
  'qwen3-lora': ['qwen3-causal', lora({ ...ALL, layers_to_transform: [1] })],
  'llama-qlora': ['llama-causal', { ...lora(ALL), quantization: { bnb_4bit_quant_type: 'nf4' } }],
  'llama-full': ['llama-causal', { full: {} }],
  'gpt2-full': ['gpt2-causal', { full: {} }],
  'gemma2-full': ['gemma2-causal', { full: {} }],
  'gemma3-lora': ['gemma3-causal', lora(ALL)],
};

/** Runs over pairs of answers. */
const PAIRS = {
  'dpo-lora': ['dpo-base', { ...lora(ALL), dpo: {} }],
  'orpo-lora': ['dpo-base', { ...lora(), orpo: {} }],
};

/** Runs that label words or texts. `fresh` ones have a base without the head; with `all-linear` PEFT would take the head for a target. */
const TOKENS = {
  'bert-tokens-lora': ['bert-tokens', lora()],
  'llama-tokens-lora': ['llama-tokens', lora(ALL)],
  'llama-tokens-fresh-lora': ['llama-causal', lora()],
  'bert-tokens-full': ['bert-tokens', { full: {} }],
};
const TEXTS = {
  'gpt2-classifier-lora': ['gpt2-sequence', lora()],
  'distilbert-classifier-lora': ['distilbert-sequence', lora(ALL)],
  'roberta-classifier-lora': ['roberta-sequence', lora(ALL)],
  'qwen2-classifier-fresh-lora': ['qwen2-causal', lora(ALL)],
};

/** Models from scratch, of every family: as a language model and as a classifier. */
const ENCODER = { hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 4, intermediate_size: 24 };
const DECODER = { ...ENCODER, num_key_value_heads: 2 };
const FROM_SCRATCH = {
  bert: { ...ENCODER, hidden_act: 'silu' },
  distilbert: { dim: 16, n_layers: 2, n_heads: 4, hidden_dim: 24, activation: 'relu' },
  roberta: { ...ENCODER, type_vocab_size: 1 },
  'xlm-roberta': { ...ENCODER, max_position_embeddings: 80 },
  gpt2: { n_embd: 16, n_layer: 2, n_head: 4 },
  llama: { ...DECODER, attention_bias: true, mlp_bias: true, head_dim: 8 },
  mistral: { ...DECODER, sliding_window: 4 },
  qwen2: { ...DECODER, use_sliding_window: true, sliding_window: 3, max_window_layers: 1 },
  qwen3: { ...DECODER, tie_word_embeddings: true, attention_bias: true },
  gemma: { ...DECODER, head_dim: 8 },
  gemma2: { ...DECODER, head_dim: 8, sliding_window: 4, attn_logit_softcapping: 2 },
  gemma3_text: {
    ...DECODER,
    head_dim: 8,
    sliding_window: 4,
    layer_types: ['sliding_attention', 'full_attention'],
    final_logit_softcapping: 2,
  },
};
const SCRATCH_RUNS = Object.entries(FROM_SCRATCH).flatMap(([model_type, sizes]) => {
  const run = {
    base: 'scratch',
    method: { full: {} },
    architecture: { model_type, ...sizes, initializer_range: 0.2 },
  };
  const isEncoder = /bert/.test(model_type);
  const task = isEncoder ? 'fill-mask' : 'text-generation';
  const classes = { task: 'text-classification', data: 'rows.train', labels: LABELS.length };
  return [
    { ...run, name: `${model_type}-scratch`, task, data: 'lines.train' },
    { ...run, name: `${model_type}-scratch-classifier`, ...classes },
  ];
});

const KINDS = [
  { runs: CAUSAL, task: 'text-generation', data: 'lines.train' },
  { runs: PAIRS, task: 'text-generation', data: 'pairs.train' },
  { runs: TOKENS, task: 'token-classification', data: 'words.train', labels: LABELS.length },
  { runs: TEXTS, task: 'text-classification', data: 'rows.train', labels: LABELS.length },
];

/** Exports of these runs: adapters that were added into their bases. */
const EXPORTS = {
  'gpt2-lora-merged': 'gpt2-lora',
  'qwen2-biases-merged': 'qwen2-lora-biases',
  'llama-dora-merged': 'llama-dora',
  'dpo-merged': 'dpo-lora',
  'llama-tokens-merged': 'llama-tokens-lora',
};

/**
 * Trains and exports adapters and models of every family with the built command line in a temporary workspace, and compares the
 * logits that transformers or PEFT compute from each output with ours.
 * @param made a folder of fixtures: `families`, `dpo` and `parity`
 * @returns {import('./outputs.mjs').Compared[]}
 */
export function ourFamiliesInTheirs(made, workspace) {
  const adapted = KINDS.flatMap(({ runs, ...kind }) =>
    Object.entries(runs).map(([name, [base, method]]) => ({ name, base: `./${base}`, method, ...kind })),
  );
  const runs = [...adapted, ...SCRATCH_RUNS];
  const texts = writeData(made, workspace);
  for (const base of new Set(adapted.map(({ base }) => base.slice(2)))) placeBase(made, base, workspace);
  const config = makeConfig(runs, workspace);
  const outputs = Object.fromEntries(runs.map(({ name }) => [name, trainRun(config, name, workspace)]));
  const compared = [
    ...runs.flatMap((run) => outputsOf(run, outputs[run.name])),
    // What transformers computes from the export is held against what we compute from the adapter over its base.
    ...Object.entries(EXPORTS).map(([name, run]) => {
      const folder = exportModel(config, name, workspace);
      return { name, folder, ours: outputs[run], reader: 'transformers' };
    }),
  ];
  return compareOutputs(compared, { texts, max_length: 40 });
}

/**
 * An adapter of QLoRA is compared over its base as it is, and over what the base's 4 bits stand for. (bitsandbytes' own layers
 * multiply in less than float32 on the CPU.)
 */
function outputsOf({ name, method, labels }, folder) {
  if (!method.lora) return [{ name, folder, reader: 'transformers' }];
  // A base that has no head of the task must be told how many labels there are; to any other it says what it has.
  const loading = labels === undefined ? {} : { num_labels: labels };
  const output = { name, folder, reader: 'PEFT', loading };
  if (!method.quantization) return [output];
  return [output, { ...output, name: `${name}, base in NF4`, loading: { nf4: true }, ourFlags: ['--nf4'] }];
}

/** A model of the families with a tokenizer beside it, of the same sixty words for all of them. */
function placeBase(made, base, workspace) {
  const folder = join(workspace, base);
  cpSync(join(made, base === 'dpo-base' ? 'dpo/base' : `families/${base}`), folder, { recursive: true });
  const tokenizer = join(made, /bert/.test(base) ? 'parity/bert-classifier' : 'dpo/base');
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    cpSync(join(tokenizer, file), join(folder, file));
}

/** Rows for every task. Returns the texts that logits are compared on. */
function writeData(made, workspace) {
  mkdirSync(workspace, { recursive: true });
  const lines = readFileSync(join(made, 'parity/bert-classifier/train.csv'), 'utf8').trim().split('\n');
  const texts = lines.slice(1).map((line) => line.split(',')[0]);
  writeFileSync(join(workspace, 'rows.csv'), `${lines.join('\n')}\n`);
  writeLines(join(workspace, 'words.jsonl'), texts.map(tagged));
  cpSync(join(made, 'dpo/text.jsonl'), join(workspace, 'pairs.jsonl'));
  return texts.slice(0, 8);
}

/** The words of a text, each with the label that its first letter decides. */
function tagged(text) {
  const tokens = text.split(' ');
  return { tokens, ner_tags: tokens.map((word) => LABELS[word.charCodeAt(0) % LABELS.length]) };
}

function makeConfig(runs, workspace) {
  const documents = [
    { dataset: 'lines', files: { train: 'rows.csv' }, format: 'text', columns: { text: 'text' } },
    { dataset: 'rows', files: { train: 'rows.csv' }, format: 'classification' },
    { dataset: 'words', files: { train: 'words.jsonl' }, format: 'tokens' },
    { dataset: 'pairs', files: { train: 'pairs.jsonl' }, format: 'preference' },
    ...runs.map(({ name, base, method, task, data, labels, architecture }) => ({
      run: name,
      model: {
        base,
        task,
        ...(labels === undefined ? {} : { num_labels: labels }),
        ...(architecture && { architecture, tokenizer: './bert-tokens' }),
      },
      data: { train: data, max_length: 32 },
      method,
      train: TRAIN,
      target: { local: { device: 'cpu', threads: 1 } },
    })),
    ...Object.entries(EXPORTS).map(([name, run]) => ({
      export: name,
      model: `run:${run}`,
      folder: `exported/${name}`,
    })),
  ];
  return writeConfig(join(workspace, 'families.tune.yaml'), documents);
}

function writeLines(file, rows) {
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
