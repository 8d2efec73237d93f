import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OrpoConfig, TrainingArguments } from '../../../src/language/resolved.ts';
import { DPO_FOLDER } from './dpo-case.ts';
import { fixturesOf } from './fixtures-folder.ts';
import { resolvedRun } from './resolved-run.ts';
import { trainTrlCase, type TrainedCase, type TrlCase } from './trl-case.ts';

/** What TRL's ORPOTrainer made of a case, one number a step (python/make_orpo_fixtures.py). */
export interface OrpoCase extends TrlCase {
  rows: 'text' | 'chat';
  arguments: Partial<TrainingArguments> & Partial<OrpoConfig> & { max_length: number };
}

export const ORPO_CASES = ['full', 'lora', 'chat', 'accumulation', 'cut', 'qwen3'];

const LORA = { r: 4, lora_alpha: 8, target_modules: ['q_proj', 'v_proj'] };

export function readOrpoCase(name: string): OrpoCase {
  // SAFETY: made by python/make_orpo_fixtures.py, which writes this shape.
  return JSON.parse(readFileSync(join(fixturesOf('orpo'), `${name}.json`), 'utf8')) as OrpoCase;
}

/** Trains a case in a new run directory of a workspace. */
export async function trainOrpoCase(workspace: string, name: string): Promise<TrainedCase> {
  const made = readOrpoCase(name);
  const { beta, max_length, optim: _, ...train } = made.arguments;
  const orpo = beta === undefined ? {} : { beta };
  const isLora = name === 'lora';
  const run = resolvedRun({
    base: name === 'qwen3' ? join(fixturesOf('families'), 'qwen3-causal') : join(DPO_FOLDER, 'base'),
    tokenizer: join(DPO_FOLDER, 'base'),
    task: 'text-generation',
    format: 'preference',
    train: join(DPO_FOLDER, `${made.rows}.jsonl`),
    eval: join(DPO_FOLDER, 'eval.jsonl'),
    maxLength: max_length,
    method: isLora ? { lora: LORA, orpo } : { full: {}, orpo },
    arguments: { ...train, train_sampling_strategy: 'sequential', save_strategy: 'no' },
  });
  const data = { ...run.data, chat_template_path: join(fixturesOf('orpo'), 'template.jinja') };
  const adapter = isLora ? join(fixturesOf('orpo'), 'lora') : undefined;
  return trainTrlCase(workspace, { ...run, data }, made, adapter);
}
