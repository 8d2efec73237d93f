import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DpoConfig, ResolvedRun, TrainingArguments } from '../../../src/language/resolved.ts';
import { DPO_LOSSES } from '../../../src/language/schema/dpo.ts';
import { newRun } from '../../../src/runs/testing/fixtures.ts';
import { startFromAdapter } from './adapter-start.ts';
import { fixturesOf } from './fixtures-folder.ts';
import { resolvedRun } from './resolved-run.ts';
import { trainInFolder, type TrainedFolder } from './train-in-folder.ts';

/** What TRL's DPOTrainer made of a case, one number a step (python/make_dpo_fixtures.py). */
export interface DpoCase {
  made_by: Record<string, string>;
  rows: 'text' | 'chat';
  arguments: Partial<TrainingArguments> &
    Partial<Omit<DpoConfig, 'loss_type'>> & {
      max_length: number;
      loss_type?: [DpoConfig['loss_type']];
    };
  loss: number[];
  grad_norm: number[];
  eval: Record<string, number>;
}

export const DPO_FOLDER = fixturesOf('dpo');

/** The cases that begin at a base: methods, kinds of rows, and every loss. */
export const DPO_CASES = [
  'full',
  'lora',
  'chat',
  'accumulation',
  'precomputed',
  ...DPO_LOSSES.filter((loss) => loss !== 'sigmoid'),
];

const LORA = { r: 4, lora_alpha: 8, target_modules: ['q_proj', 'v_proj'] };

export function readDpoCase(name: string): DpoCase {
  // SAFETY: made by python/make_dpo_fixtures.py, which writes this shape.
  return JSON.parse(readFileSync(join(DPO_FOLDER, `${name}.json`), 'utf8')) as DpoCase;
}

/** The run that trains what TRL trained. */
export function dpoRun({ rows, arguments: given }: DpoCase, lora: boolean): ResolvedRun {
  const {
    beta,
    label_smoothing,
    precompute_ref_log_probs,
    loss_type,
    max_length,
    optim: _,
    ...train
  } = given;
  const settings = { beta, label_smoothing, precompute_ref_log_probs, loss_type: loss_type?.[0] };
  const dpo = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  return resolvedRun({
    base: join(DPO_FOLDER, 'base'),
    task: 'text-generation',
    format: 'preference',
    train: join(DPO_FOLDER, `${rows}.jsonl`),
    eval: join(DPO_FOLDER, 'eval.jsonl'),
    maxLength: max_length,
    method: lora ? { lora: LORA, dpo } : { full: {}, dpo },
    arguments: { ...train, train_sampling_strategy: 'sequential', save_strategy: 'no' },
  });
}

/** Trains a case in a new run directory of a workspace. PEFT drew the adapter at random: that run starts from what it drew. */
export async function trainDpoCase(workspace: string, name: string): Promise<TrainedFolder> {
  const isLora = name === 'lora';
  const run = dpoRun(readDpoCase(name), isLora);
  const dir = newRun(workspace);
  if (isLora) await startFromAdapter(dir, run, join(DPO_FOLDER, 'lora'));
  return trainInFolder(workspace, run, { dir, resume: isLora });
}
