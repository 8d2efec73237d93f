import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModelFolder } from '../../../src/trainer/checkpoint/model-folder.ts';
import { loadParameters } from '../../../src/trainer/checkpoint/load-parameters.ts';
import { readAdapter } from '../../../src/trainer/checkpoint/read-adapter.ts';
import { CPU_LOWERING } from '../../../src/trainer/graph/graph.ts';
import { collateClassification, collateTextTargets, type Batch } from '../../../src/trainer/loop/collate.ts';
import { collateCausal, collateTokens } from '../../../src/trainer/loop/collate-targets.ts';
import { scheduleFactor } from '../../../src/trainer/loop/schedule.ts';
import { isTrainedByLora, type Lora } from '../../../src/trainer/methods/lora.ts';
import { parseModelConfig } from '../../../src/trainer/models/config.ts';
import { buildTask, type Task } from '../../../src/trainer/models/task.ts';
import type { TrainingEngine } from '../../../src/trainer/runtime/engine.ts';
import type { ModelSpec } from '../../../src/trainer/runtime/model-spec.ts';
import { flatten, type MakeEngine } from './engine-case.ts';
import { fixturesOf } from './fixtures-folder.ts';
import { readJson } from './read-json.ts';

/** What Hugging Face Trainer made of a case: one number a step, and logits of the first three rows at the end. */
export interface Training {
  loss: number[];
  grad_norm: number[];
  logits_after: number[][];
}

/** `case.json` of a folder under test/fixtures/families, made by python/make_family_fixtures.py. */
export interface FamilyCase {
  head: 'causal' | 'masked' | 'sequence' | 'tokens' | 'multi-label' | 'regression';
  arguments: {
    max_steps: number;
    per_device_train_batch_size: number;
    learning_rate: number;
    warmup_steps: number;
    weight_decay: number;
    max_grad_norm: number;
  };
  input_ids: number[][];
  labels: number[] | number[][];
  /** Of the first three rows before training: one list a row, or one a target. */
  logits: number[][];
  full: Training;
  lora: Training;
}

export const root = fixturesOf('families');

/** Names of the cases: a family and a head. */
export function familyCases(): string[] {
  return readdirSync(root).sort();
}

export function readFamilyCase(name: string): FamilyCase {
  // SAFETY: made by python/make_family_fixtures.py, which writes this shape.
  return JSON.parse(readFileSync(join(root, name, 'case.json'), 'utf8')) as FamilyCase;
}

/** Trains a case as Trainer did, from its weights (and its adapter), with the engine under test. */
export async function runFamilyCase(
  name: string,
  method: 'full' | 'lora',
  makeEngine: MakeEngine,
  steps?: number,
): Promise<Training & { logits: number[][] }> {
  const made = readFamilyCase(name);
  return runCase(made, familyModel(name, made, method), makeEngine, steps);
}

/** Trains a model on a case's rows with its arguments. */
export async function runCase(
  made: FamilyCase,
  { spec, values }: { spec: ModelSpec; values: Map<string, Float32Array> },
  makeEngine: MakeEngine,
  steps?: number,
): Promise<Training & { logits: number[][] }> {
  const { max_steps, per_device_train_batch_size: size, ...train } = made.arguments;
  const engine = await makeEngine(spec, values, {
    limits: { tokens: size * 24, sequences: size, length: 24 },
    accumulates: false,
  });
  const batches = cut(made.input_ids.length, size).map((rows) => makeBatch(made, rows));
  const logits = await firstLogits(engine, made);
  const result: Training = { loss: [], grad_norm: [], logits_after: [] };
  for (let step = 0; step < (steps ?? max_steps); step++) {
    const batch = batches[step % batches.length]!;
    const key = { seed: 0, step, microBatch: 0 };
    result.loss.push(await engine.accumulate(batch.feeds, 1 / batch.targets, key));
    const schedule = {
      type: 'linear',
      warmup: train.warmup_steps,
      total: max_steps,
      peak: train.learning_rate,
    } as const;
    const factor = scheduleFactor(schedule, step);
    const settings = {
      learningRate: train.learning_rate * factor,
      weightDecay: train.weight_decay,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      maxGradNorm: train.max_grad_norm,
    };
    result.grad_norm.push(await engine.update(settings));
  }
  result.logits_after = await firstLogits(engine, made);
  await engine.dispose();
  return { ...result, logits };
}

/** The model of a case, or its adapter over it, as Trainer began. */
export function familyModel(name: string, made: FamilyCase, method: 'full' | 'lora') {
  const folder = join(root, name);
  const config = parseModelConfig(readModelFolder(folder).config ?? {}, folder);
  const task = taskOf(made);
  const lora = method === 'lora' ? readLora(join(folder, 'lora'), folder) : undefined;
  const options = lora ? { adapter: lora } : {};
  const { builder } = buildTask(config, task, { ...options, training: false, lowering: CPU_LOWERING });
  const folders = lora ? [folder, join(folder, 'lora')] : [folder];
  const { values, initialized } = loadParameters(builder.parameters.values(), folders, 1);
  if (initialized.length > 0) throw new Error(`${name}: not in the files: ${initialized.join(', ')}`);
  const spec: ModelSpec = {
    config,
    task,
    options,
    isTrained: (parameter) => !lora || isTrainedByLora(parameter, lora.options),
    labelSmoothing: 0,
  };
  return { spec, values };
}

/** The settings of an adapter that PEFT saved over a base. */
export function readLora(folder: string, base: string): Lora {
  const saved = readJson(join(folder, 'adapter_config.json'));
  return readAdapter(folder, { ...saved, base_model_name_or_path: base }).lora;
}

export function taskOf({ head }: FamilyCase): Task {
  if (head === 'causal') return { kind: 'text-generation' };
  if (head === 'masked') return { kind: 'fill-mask' };
  if (head === 'multi-label')
    return { kind: 'text-classification', numLabels: 5, problemType: 'multi_label_classification' };
  if (head === 'regression') return { kind: 'text-classification', numLabels: 1, problemType: 'regression' };
  return { kind: head === 'sequence' ? 'text-classification' : 'token-classification', numLabels: 5 };
}

function makeBatch({ head, input_ids, labels }: FamilyCase, rows: readonly number[]): Batch {
  const sequences = flatten(input_ids);
  if (head === 'causal')
    return collateCausal(sequences, new Uint8Array(sequences.input_ids.length).fill(1), rows);
  if (head === 'sequence') return collateClassification(sequences, Int32Array.from(labels.map(Number)), rows);
  if (head === 'multi-label' || head === 'regression') {
    const values = Float32Array.from(labels.flat());
    return collateTextTargets(sequences, { values, width: values.length / input_ids.length }, rows);
  }
  return collateTokens(sequences, Int32Array.from(labels.flat()), rows);
}

async function firstLogits(engine: TrainingEngine, made: FamilyCase): Promise<number[][]> {
  const logits = await engine.predict(makeBatch(made, [0, 1, 2]).feeds);
  const rows = made.logits.length;
  const width = logits.length / rows;
  return Array.from({ length: rows }, (_, row) => [...logits.subarray(row * width, (row + 1) * width)]);
}

function cut(rows: number, size: number): number[][] {
  const all = [...Array(rows).keys()];
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
