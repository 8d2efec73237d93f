import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OrpoConfig, TrainingArguments } from '../../../src/language/resolved.ts';
import { newRun } from '../../../src/runs/testing/fixtures.ts';
import { startFromAdapter } from './adapter-start.ts';
import { DPO_FOLDER } from './dpo-case.ts';
import { fixturesOf } from './fixtures-folder.ts';
import { resolvedRun } from './resolved-run.ts';
import { trainInFolder, type TrainedFolder } from './train-in-folder.ts';

/** What TRL's ORPOTrainer made of a case, one number a step (python/make_orpo_fixtures.py). */
export interface OrpoCase {
  rows: 'text' | 'chat';
  arguments: Partial<TrainingArguments> & Partial<OrpoConfig> & { max_length: number };
  loss: number[];
  grad_norm: number[];
  eval: Record<string, number>;
}

export const ORPO_CASES = ['full', 'lora', 'chat', 'accumulation', 'cut'];

const LORA = { r: 4, lora_alpha: 8, target_modules: ['q_proj', 'v_proj'] };

export function readOrpoCase(name: string): OrpoCase {
  // SAFETY: made by python/make_orpo_fixtures.py, which writes this shape.
  return JSON.parse(readFileSync(join(fixturesOf('orpo'), `${name}.json`), 'utf8')) as OrpoCase;
}

/** Trains a case in a new run directory of a workspace. PEFT drew the adapter at random: that run starts from what it drew. */
export async function trainOrpoCase(workspace: string, name: string): Promise<TrainedFolder> {
  const { beta, max_length, optim: _, ...train } = readOrpoCase(name).arguments;
  const orpo = beta === undefined ? {} : { beta };
  const isLora = name === 'lora';
  const run = resolvedRun({
    base: join(DPO_FOLDER, 'base'),
    task: 'text-generation',
    format: 'preference',
    train: join(DPO_FOLDER, `${readOrpoCase(name).rows}.jsonl`),
    eval: join(DPO_FOLDER, 'eval.jsonl'),
    maxLength: max_length,
    method: isLora ? { lora: LORA, orpo } : { full: {}, orpo },
    arguments: { ...train, train_sampling_strategy: 'sequential', save_strategy: 'no' },
  });
  const data = { ...run.data, chat_template_path: join(fixturesOf('orpo'), 'template.jinja') };
  const dir = newRun(workspace);
  if (isLora) await startFromAdapter(dir, run, join(fixturesOf('orpo'), 'lora'));
  return trainInFolder(workspace, { ...run, data }, { dir, resume: isLora });
}
