/** What is trained in the benchmarks: a model, its rows, and the settings that both sides are given. */
import {
  hasShared,
  labelNames,
  miniLM,
  paddedRows,
  paddedTexts,
  shapeModel,
  shared,
  shuffledBanking77,
  taggingModel,
  tagNames,
  wikisqlModel,
} from './inputs.mjs';

/**
 * @typedef {object} Workload
 * @property {'text-classification' | 'token-classification' | 'text-generation'} task
 * @property {() => string} model folder of the model that both sides start from
 * @property {() => string} train file of the training rows
 * @property {() => string[]} [labels] names of the labels in the order of their ids
 * @property {number} batch rows of a batch
 * @property {number} length `data.max_length`, in tokens
 * @property {string[]} targets `target_modules` of LoRA
 * @property {string} [needs] folder under ../shared/data without which it is left out
 */

/** One shape each, of which every batch is full of real tokens: MiniLM's, 30 M parameters of GPT-2, SmolLM2's smallest. */
export const SHAPES = {
  minilm: {
    task: 'text-classification',
    model: () => miniLM(),
    train: paddedRows,
    labels: labelNames,
    batch: 16,
    length: 64,
    targets: ['query', 'value'],
  },
  gpt2: {
    task: 'text-generation',
    model: () => shapeModel('gpt2'),
    train: paddedTexts,
    batch: 8,
    length: 128,
    targets: ['c_attn'],
  },
  smollm2: {
    task: 'text-generation',
    model: () => shapeModel('smollm2'),
    train: paddedTexts,
    batch: 8,
    length: 128,
    targets: ['q_proj', 'v_proj'],
  },
};

/** Real rows, of which an epoch is trained, without dropout so that losses can be compared. */
export const DATA = {
  banking77: {
    task: 'text-classification',
    model: () => miniLM({ dropout: false }),
    train: shuffledBanking77,
    labels: labelNames,
    batch: 16,
    length: 64,
    targets: ['query', 'value'],
    needs: 'banking77/train.csv',
  },
  wnut17: {
    task: 'token-classification',
    model: taggingModel,
    train: () => shared('wnut17/train.jsonl'),
    labels: tagNames,
    batch: 16,
    length: 128,
    targets: ['query', 'value'],
    needs: 'wnut17/train.jsonl',
  },
  wikisql: {
    task: 'text-generation',
    model: wikisqlModel,
    train: () => shared('mlx_lora/wikisql_train.jsonl'),
    batch: 8,
    length: 256,
    targets: ['c_attn'],
    needs: 'mlx_lora/wikisql_train.jsonl',
  },
};

/** Why a workload cannot be measured here, or undefined. */
export function whyNot({ needs }) {
  return needs !== undefined && !hasShared(needs) ? `../shared/data/${needs} is not there` : undefined;
}
