import { join } from 'node:path';
import { optimizerOf } from '../../../src/language/schema/optimizers.ts';
import type { LoraConfig } from '../../../src/language/resolved.ts';
import { collateClassification, type Batch } from '../../../src/trainer/loop/collate.ts';
import { collateTokens } from '../../../src/trainer/loop/collate-targets.ts';
import { scheduleFactor, warmupSteps } from '../../../src/trainer/loop/schedule.ts';
import type { Sequences } from '../../../src/trainer/loop/sequences.ts';
import { isTrainedByLora, Lora } from '../../../src/trainer/methods/lora.ts';
import type { BertConfig } from '../../../src/trainer/models/bert.ts';
import type { TrainingEngine } from '../../../src/trainer/runtime/engine.ts';
import type { ModelSpec } from '../../../src/trainer/runtime/model-spec.ts';
import { readTensors } from '../../../src/trainer/safetensors/read.ts';
import {
  fixtureFolder,
  readCase,
  readJson,
  readRows,
  type FixtureName,
  type FixtureRows,
} from './fixture.ts';

/** What an engine made of a fixture's case: the same numbers that {@link ParityCase} holds. */
export interface EngineCase {
  loss: number[];
  grad_norm: number[];
  learning_rate: number[];
  logits_before: number[][];
  logits_after: number[][];
}

/** Makes the engine under test. */
export type MakeEngine = (
  spec: ModelSpec,
  parameters: ReadonlyMap<string, Float32Array>,
  options: { limits: { tokens: number; sequences: number; length: number }; accumulates: boolean },
) => Promise<TrainingEngine>;

export interface CaseChanges {
  /** How many of the case's steps to take; all when absent. */
  readonly steps?: number;
  /** Fields of the model's config that differ: dropout, of which the fixtures have none. */
  readonly config?: Partial<BertConfig>;
  readonly loraDropout?: number;
}

/**
 * Trains a fixture's case on an engine, with the trainer's own batches and schedule, from the very weights (and, for
 * LoRA, the very adapter) that Hugging Face Trainer started from.
 */
export async function runEngineCase(
  fixture: FixtureName,
  name: string,
  makeEngine: MakeEngine,
  { steps, config = {}, loraDropout }: CaseChanges = {},
): Promise<EngineCase> {
  const reference = readCase(fixture, name);
  const { max_steps: total, per_device_train_batch_size: size, ...args } = reference.arguments;
  const accumulation = args.gradient_accumulation_steps ?? 1;
  const rows = readRows(fixture);
  const lora =
    'lora' in reference.method
      ? makeLora({
          ...reference.method.lora,
          ...(loraDropout === undefined ? {} : { lora_dropout: loraDropout }),
        })
      : undefined;
  // SAFETY: python/make_parity_fixtures.py saved a BertConfig.
  const saved = readJson(fixture, 'config.json') as BertConfig;
  const spec: ModelSpec = {
    config: { ...saved, ...reference.config, ...config },
    task: rows.label_names
      ? { kind: 'text-classification', numLabels: rows.label_names.length }
      : { kind: 'fill-mask' },
    options: lora ? { adapter: lora } : {},
    isTrained: (parameter) => !lora || isTrainedByLora(parameter, lora.options),
    labelSmoothing: args.label_smoothing_factor ?? 0,
    optimizer: optimizerOf(args.optim ?? 'adamw_torch'),
  };
  const engine = await makeEngine(spec, parametersOf(fixture, lora ? name : undefined), {
    limits: { tokens: size * 24, sequences: size, length: 24 },
    accumulates: accumulation > 1,
  });

  const made: EngineCase = {
    loss: [],
    grad_norm: [],
    learning_rate: [],
    logits_before: [],
    logits_after: [],
  };
  made.logits_before = await firstLogits(engine, rows);
  const windows = accumulationWindows(rows.input_ids.length, size, accumulation);
  const warmup = warmupSteps(args.warmup_steps ?? 0, total);
  for (let step = 0; step < (steps ?? total); step++) {
    const batches = windows[step % windows.length]!.map((batch) => makeBatch(rows, batch));
    const targets = batches.reduce((sum, batch) => sum + batch.targets, 0);
    let loss = 0;
    for (const [microBatch, batch] of batches.entries()) {
      loss += await engine.accumulate(batch.feeds, 1 / targets, { seed: 0, step, microBatch });
    }
    const { learning_rate: peak = 5e-5, lr_scheduler_type: type = 'linear' } = args;
    const learningRate = peak * scheduleFactor({ type, warmup, total, peak }, step);
    const norm = await engine.update({
      learningRate,
      weightDecay: args.weight_decay ?? 0,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      maxGradNorm: args.max_grad_norm ?? 1,
    });
    made.loss.push(loss);
    made.grad_norm.push(norm);
    made.learning_rate.push(learningRate);
  }
  made.logits_after = await firstLogits(engine, rows);
  await engine.dispose();
  return made;
}

function makeLora(options: Partial<LoraConfig>): Lora {
  const {
    r = 8,
    lora_alpha = 8,
    lora_dropout = 0,
    target_modules = ['query', 'value'],
    use_rslora = false,
    init_lora_weights = true,
    bias = 'none',
  } = options;
  // PEFT adds the heads of classifiers by itself for task_type SEQ_CLS.
  return new Lora({
    r,
    lora_alpha,
    lora_dropout,
    target_modules,
    use_rslora,
    init_lora_weights,
    bias,
    modules_to_save: ['classifier', 'score'],
  });
}

/** The base's weights and, over them, the adapter's, by the names that the graph has. */
function parametersOf(fixture: FixtureName, adapter: string | undefined): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  const folder = fixtureFolder(fixture);
  for (const [name, tensor] of readTensors(join(folder, 'model.safetensors'))) values.set(name, tensor.data);
  if (!adapter) return values;
  for (const [name, tensor] of readTensors(join(folder, adapter, 'adapter_model.safetensors'))) {
    values.set(name.replace(/^base_model\.model\./, '').replace('.base_layer.bias', '.bias'), tensor.data);
  }
  return values;
}

/** Row numbers by accumulation window and batch of one epoch, in the order of the file; the last may be short. */
function accumulationWindows(rows: number, size: number, accumulation: number): number[][][] {
  const cut = <T>(list: readonly T[], count: number): T[][] =>
    Array.from({ length: Math.ceil(list.length / count) }, (_, i) => list.slice(i * count, (i + 1) * count));
  return cut(cut([...Array(rows).keys()], size), accumulation);
}

function makeBatch(rows: FixtureRows, batch: readonly number[]): Batch {
  const sequences = flatten(rows.input_ids);
  const labels = rows.labels;
  if (isFlat(labels)) return collateClassification(sequences, Int32Array.from(labels), batch);
  return collateTokens(sequences, Int32Array.from(labels.flat()), batch);
}

function isFlat(labels: FixtureRows['labels']): labels is number[] {
  return typeof labels[0] === 'number';
}

/** Rows of ids laid end to end. */
export function flatten(rows: readonly number[][]): Sequences {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (offsets[i + 1] = offsets[i]! + row.length));
  return { input_ids: Int32Array.from(rows.flat()), offsets };
}

/** Of the first eight rows: one list a row, or one a target. */
async function firstLogits(engine: TrainingEngine, rows: FixtureRows): Promise<number[][]> {
  const batch = makeBatch(rows, [...Array(8).keys()]);
  const logits = await engine.predict(batch.feeds);
  const width = logits.length / batch.targets;
  return Array.from({ length: batch.targets }, (_, row) => [
    ...logits.subarray(row * width, (row + 1) * width),
  ]);
}
