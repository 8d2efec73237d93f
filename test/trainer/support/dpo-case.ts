import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DpoConfig, ResolvedRun, TrainingArguments } from '../../../src/language/resolved.ts';
import { DPO_LOSSES } from '../../../src/language/schema/dpo.ts';
import { fixturesOf } from './fixtures-folder.ts';
import { resolvedRun } from './resolved-run.ts';
import { trainTrlCase, type TrainedCase, type TrlCase } from './trl-case.ts';

/** What TRL's DPOTrainer made of a case, one number a step (python/make_dpo_fixtures.py). */
export interface DpoCase extends TrlCase {
  made_by: Record<string, string>;
  rows: 'text' | 'chat';
  arguments: Partial<TrainingArguments> &
    Partial<Omit<DpoConfig, 'loss_type'>> & {
      max_length: number;
      loss_type?: [DpoConfig['loss_type']];
    };
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
  'gpt2_lora',
];

/** What PEFT adapts in the cases that begin with a fresh adapter. */
const ADAPTED: Record<string, string[]> = { lora: ['q_proj', 'v_proj'], gpt2_lora: ['c_attn'] };

export function readDpoCase(name: string): DpoCase {
  // SAFETY: made by python/make_dpo_fixtures.py, which writes this shape.
  return JSON.parse(readFileSync(join(DPO_FOLDER, `${name}.json`), 'utf8')) as DpoCase;
}

/** The run that trains what TRL trained. */
export function dpoRun(name: string): ResolvedRun {
  const { rows, arguments: given } = readDpoCase(name);
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
  const target_modules = ADAPTED[name];
  return resolvedRun({
    base: name === 'gpt2_lora' ? join(fixturesOf('families'), 'gpt2-causal') : join(DPO_FOLDER, 'base'),
    tokenizer: join(DPO_FOLDER, 'base'),
    task: 'text-generation',
    format: 'preference',
    train: join(DPO_FOLDER, `${rows}.jsonl`),
    eval: join(DPO_FOLDER, 'eval.jsonl'),
    maxLength: max_length,
    method: target_modules ? { lora: { r: 4, lora_alpha: 8, target_modules }, dpo } : { full: {}, dpo },
    arguments: { ...train, train_sampling_strategy: 'sequential', save_strategy: 'no' },
  });
}

/** Trains a case in a new run directory of a workspace. */
export async function trainDpoCase(workspace: string, name: string): Promise<TrainedCase> {
  const adapter = name in ADAPTED ? join(DPO_FOLDER, name) : undefined;
  return trainTrlCase(workspace, dpoRun(name), readDpoCase(name), adapter);
}
