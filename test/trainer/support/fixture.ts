import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoraConfig, TrainingArguments } from '../../../src/language/resolved.ts';
import type { BertConfig } from '../../../src/trainer/models/bert.ts';
import { fixturesOf } from './fixtures-folder.ts';

/** The models that python/make_parity_fixtures.py made. */
export type FixtureName = 'bert-classifier' | 'bert-mlm';

/** Largest deviations between two trainings that differ in rounding alone. */
interface Deviation {
  loss: number;
  grad_norm: number;
  logits?: number;
}

/** One training of a fixture by Hugging Face Trainer: `trainer_<case>.json`. */
export interface ParityCase {
  /** Versions of what made it. */
  made_by: Record<string, string>;
  method: { full: Record<string, never> } | { lora: Partial<LoraConfig> };
  arguments: Partial<TrainingArguments> & { max_steps: number; per_device_train_batch_size: number };
  /** What of the model's config.json is otherwise in this case. */
  config?: Partial<BertConfig>;
  /** How many of the steps were clipped. */
  clipped_steps: number;
  /** What rounding alone does: largest relative deviation of this float32 training from others of the same. */
  noise: { float64: Deviation; fused?: Deviation };
  /** One number a step; `grad_norm` is before clipping. */
  loss: number[];
  grad_norm: number[];
  learning_rate: number[];
  /** Of the first eight rows, before and after training: one list a row, or one a target. */
  logits_before: number[][];
  logits_after: number[][];
}

/** `data.json`: rows of token ids with [CLS] and [SEP], and one label a row, or one a token (-100 for no target). */
export interface FixtureRows {
  input_ids: number[][];
  labels: number[] | number[][];
  label_names?: string[];
}

/** A training with evaluations and checkpoints by Hugging Face Trainer: one entry of `flows.json`. */
export interface Flow {
  arguments: Partial<TrainingArguments>;
  /** In their order; `kept` are the steps of the checkpoints on disk after a save. */
  events: (
    | { event: 'evaluate'; step: number; epoch: number; eval_loss: number; eval_accuracy: number }
    | { event: 'save'; step: number; kept: number[] }
  )[];
  /** Steps of the checkpoints that are left at the end. */
  kept: number[];
  global_step: number;
  max_steps: number;
  num_train_epochs: number;
  epoch: number;
  best_metric: number | null;
  best_step: number | null;
  /** Step, epoch and mean loss of the entries of `log_history`. */
  logs: [number, number, number][];
  eval_loss_of_result: number;
}

export function readFlows(): Record<string, Flow> {
  // SAFETY: made by python/make_parity_fixtures.py, which writes this shape.
  return readJson('bert-classifier', 'flows.json') as Record<string, Flow>;
}

/** Where a fixture lies. */
export function fixtureFolder(name: FixtureName): string {
  return join(fixturesOf('parity'), name);
}

export function readCase(fixture: FixtureName, name: string): ParityCase {
  // SAFETY: made by python/make_parity_fixtures.py, which writes this shape.
  return readJson(fixture, `trainer_${name}.json`) as ParityCase;
}

export function readRows(fixture: FixtureName): FixtureRows {
  // SAFETY: made by python/make_parity_fixtures.py, which writes this shape.
  return readJson(fixture, 'data.json') as FixtureRows;
}

export function readJson(fixture: FixtureName, file: string): unknown {
  return JSON.parse(readFileSync(join(fixtureFolder(fixture), file), 'utf8'));
}
