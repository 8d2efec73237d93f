import { FORMER_TRAINING_ARGUMENTS } from '../validate/huggingface-renamed.ts';
import { isRunField, refusalOf, type Draft } from './draft.ts';
import { explainLeftOver, isOff } from './reasons.ts';
import type { Setting } from './settings.ts';

/** Fields that hold whole numbers or fractions, and that YAML 1.1 readers take for texts when written as `1e-5`. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A number that YAML 1.2 reads as a text, `1e-5` among them, as every one of these tools reads it; other values as they are. */
export function asNumber(value: unknown): unknown {
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
}

/** Carries one setting under the name of our field, where it is set. */
export function carryAs(draft: Draft, from: Setting, name: string, field: string): boolean {
  const setting = from.take(name);
  return setting !== undefined && draft.carry(field, setting, asNumber(setting.value));
}

/** Carries several settings: theirs to ours. */
export function carryEach(draft: Draft, from: Setting, fields: Readonly<Record<string, string>>): void {
  for (const [name, field] of Object.entries(fields)) carryAs(draft, from, name, field);
}

/**
 * Carries every setting that is called as a field of transformers' `TrainingArguments`, present or former, into `train:`.
 * `except` names those that mean something else in the tool.
 */
export function carryTrainingArguments(draft: Draft, from: Setting, except: readonly string[] = []): void {
  for (const child of from.children) {
    const name = child.path.split('.').at(-1) ?? '';
    if (child.isEmpty || child.isTaken || except.includes(name)) continue;
    if (isRunField(`train.${name}`)) {
      child.takeAll();
      if (name === 'optim') carryOptimizer(draft, child);
      else if (name === 'gradient_checkpointing') carryCheckpointing(draft, child);
      else if (name === 'bf16') carryBfloat16(draft, child);
      else draft.carry(`train.${name}`, child, plainChoice(name, asNumber(child.value)));
    } else carryFormer(draft, child, name);
  }
}

const BFLOAT16 =
  'No device computes bfloat16 here: the run computes in float32. `fp16: true` is mixed precision in float16.';

/** No device computes bfloat16, and a config that asked for it would be refused; float32 is the more exact of the two that take its place. */
function carryBfloat16(draft: Draft, setting: Setting): void {
  if (isOff(setting.value)) draft.carry('train.bf16', setting, false);
  else draft.lose(setting, BFLOAT16);
}

function carryFormer(draft: Draft, setting: Setting, name: string): void {
  const former = Object.hasOwn(FORMER_TRAINING_ARGUMENTS, name) ? FORMER_TRAINING_ARGUMENTS[name] : undefined;
  if (former?.field === undefined) return;
  setting.takeAll();
  const value = asNumber(setting.value);
  const now = former.value ? former.value(value) : value;
  if (now === undefined) draft.lose(setting, former.now);
  // A value that was not set takes nothing away from the field that took its place: `warmup_ratio: 0` beside `warmup_steps`.
  else if (draft.has(`train.${former.field}`))
    draft.lose(setting, `\`${former.field}\` stands there as well, and counts.`);
  else draft.carry(`train.${former.field}`, setting, asNumber(now), former.now);
}

/** The ways that tools have of computing layers again; where they keep what is left in between is another question. */
export function carryCheckpointing(draft: Draft, setting: Setting, value = setting.value): void {
  const isAWay = typeof value === 'string' && !isOff(value);
  if (isAWay) draft.carry('train.gradient_checkpointing', setting, true, 'Nothing is moved out of memory.');
  else draft.carry('train.gradient_checkpointing', setting, value);
}

/** YAML 1.1 reads `no` as false, and people write both. */
function plainChoice(name: string, value: unknown): unknown {
  return value === false && name.endsWith('_strategy') ? 'no' : value;
}

/** The optimizers that are AdamW, computed or stored otherwise. */
const ADAMW = /^(paged_)?adamw(_|$)/;

/** Carries the name of an optimizer. Every AdamW is AdamW; with which precision it keeps its moments is another question. */
export function carryOptimizer(draft: Draft, setting: Setting): void {
  const name = String(setting.value);
  if (!ADAMW.test(name) || refusalOf('train.optim', name) === undefined) draft.carry('train.optim', setting);
  else draft.carry('train.optim', setting, 'adamw_torch', 'AdamW, with its moments in 32 bits.');
}

/** Carries the fields of PEFT's `LoraConfig` into `method.lora`. */
export function carryLoraConfig(draft: Draft, from: Setting, method: string): void {
  for (const child of from.children) {
    const name = child.path.split('.').at(-1) ?? '';
    if (child.isEmpty || child.isTaken || !isRunField(`${method}.${name}`)) continue;
    child.takeAll();
    draft.carry(`${method}.${name}`, child, asNumber(child.value));
  }
}

/** Names whatever nobody took. */
export function explainRest(draft: Draft, settings: Setting): void {
  for (const setting of settings.untaken()) {
    setting.takeAll();
    explainLeftOver(draft, setting);
  }
}

/** What a run can only have with rows to evaluate on. */
const NEEDS_EVALUATION = [
  'eval_strategy',
  'eval_steps',
  'eval_on_start',
  'early_stopping_patience',
  'load_best_model_at_end',
  'metric_for_best_model',
  'greater_is_better',
];

/** Without rows to evaluate on, nothing is evaluated; a config that asks for it would be refused. */
export function dropEvaluation(draft: Draft): void {
  for (const field of NEEDS_EVALUATION.map((name) => `train.${name}`)) {
    if (!draft.has(field)) continue;
    draft.remove(field, 'There are no rows to evaluate on: name some in `data.eval`, and set it again.');
  }
}
