import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedRun, TrainingArguments } from '../../../src/language/resolved.ts';
import { DPO_FOLDER } from './dpo-case.ts';
import { fixturesOf } from './fixtures-folder.ts';
import { resolvedRun } from './resolved-run.ts';
import { trainTrlCase, type TrainedCase, type TrlCase } from './trl-case.ts';

type Settings = Pick<
  ResolvedRun['data'],
  'max_length' | 'packing' | 'packing_strategy' | 'completion_only_loss' | 'assistant_only_loss'
>;

/** What TRL's SFTTrainer made of a case, one number a step (python/make_sft_fixtures.py). */
export interface SftCase extends TrlCase {
  rows: keyof typeof FORMATS;
  arguments: Partial<TrainingArguments> & Settings;
}

const FORMATS = { text: 'text', prompts: 'prompt-completion', chat: 'chat' } as const;

export const SFT_CASES = [
  'text',
  'completion',
  'completion_lora',
  'whole',
  'accumulation',
  'chat',
  'assistant',
  'assistant_lora',
  'packed',
  'packed_lora',
  'packed_accumulation',
  'wrapped',
  'wrapped_lora',
];

/** Those that TRL stopped and resumed. */
export const RESUMED_SFT_CASES = ['resumed_completion', 'resumed_completion_lora', 'resumed_accumulation'];

const LORA = { r: 4, lora_alpha: 8, target_modules: ['q_proj', 'v_proj'] };

export function readSftCase(name: string): SftCase {
  // SAFETY: made by python/make_sft_fixtures.py, which writes this shape.
  return JSON.parse(readFileSync(join(fixturesOf('sft'), `${name}.json`), 'utf8')) as SftCase;
}

/** The run that trains what TRL trained. */
export function sftRun(name: string): ResolvedRun {
  const { rows, arguments: given } = readSftCase(name);
  const {
    max_length,
    packing,
    packing_strategy,
    completion_only_loss,
    assistant_only_loss,
    optim: _,
    ...train
  } = given;
  const asked = { packing, packing_strategy, completion_only_loss, assistant_only_loss };
  const settings = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const file = join(fixturesOf('sft'), `${rows}.jsonl`);
  const run = resolvedRun({
    base: join(DPO_FOLDER, 'base'),
    task: 'text-generation',
    format: FORMATS[rows],
    train: file,
    eval: file,
    maxLength: max_length,
    method: name.endsWith('lora') ? { lora: LORA } : { full: {} },
    arguments: { ...train, train_sampling_strategy: 'sequential', save_strategy: 'no' },
  });
  const chat_template_path = join(fixturesOf('sft'), 'template.jinja');
  return { ...run, data: { ...run.data, ...settings, chat_template_path } };
}

/** Trains a case in a new run directory of a workspace. */
export async function trainSftCase(workspace: string, name: string): Promise<TrainedCase> {
  const run = sftRun(name);
  const adapter = 'lora' in run.method ? join(fixturesOf('sft'), 'lora') : undefined;
  return trainTrlCase(workspace, run, readSftCase(name), adapter);
}
