import { carryAs, carryEach, carryTrainingArguments, explainRest, dropEvaluation } from './carry.ts';
import { carryBase, type Paths } from './data.ts';
import type { Draft } from './draft.ts';
import { ADAPTER, carryMethod, QUANTIZATION } from './method.ts';
import { textOf, type Setting } from './settings.ts';
import { addTrlData } from './trl-data.ts';

/** A trainer of TRL that Tunebook has a counterpart of. */
export type TrlTrainer = 'sft' | 'dpo' | 'orpo';

/** Which trainer a file or a program is called after: `trl dpo`, `sft_gpt_oss.py`; `undefined` where its name says none. */
export function trainerOf(name: string): TrlTrainer | undefined {
  const [, found] = /(?:^|[\s/_-])(sft|dpo|orpo)(?=[\s._-]|$)/i.exec(name) ?? [];
  const trainer = found?.toLowerCase();
  return trainer === 'sft' || trainer === 'dpo' || trainer === 'orpo' ? trainer : undefined;
}

/**
 * Carries a YAML config of `trl sft` and `trl dpo`, or their options: the fields of its script, model and training arguments in one map.
 * @param trainer what the file or the program says of the method; else the settings tell
 */
export function importTrl(settings: Setting, draft: Draft, paths: Paths, trainer?: TrlTrainer): void {
  draft.set('model.task', 'text-generation');
  carryBase(draft, paths, {
    base: settings.take('model_name_or_path'),
    revision: settings.take('model_revision'),
  });
  const isPreference =
    trainer === undefined
      ? ['beta', 'max_prompt_length', 'precompute_ref_log_probs'].some(
          (name) => settings.section(name) !== undefined,
        )
      : trainer !== 'sft';
  const kind = isPreference ? (trainer ?? 'dpo') : 'sft';
  addTrlData(draft, settings, { paths, isPreference });
  carryTrlLengths(draft, settings);
  const usesPeft = settings.take('use_peft') ?? settings.take('use_peft_lora');
  const quantised = ['load_in_4bit', 'use_4bit_quantization', 'use_bnb_4bit_quantization'].flatMap(
    (name) => settings.take(name) ?? [],
  )[0];
  const loss = kind === 'dpo' ? settings.take('loss_type') : undefined;
  const preference = loss ?? settings.section('beta');
  carryMethod(draft, settings, {
    kind: usesPeft?.value === true ? 'lora' : 'full',
    named: usesPeft,
    isQuantised: quantised?.value === true,
    fields: {
      lora_r: 'r',
      lora_alpha: 'lora_alpha',
      lora_dropout: 'lora_dropout',
      lora_target_modules: 'target_modules',
      lora_modules_to_save: 'modules_to_save',
      use_rslora: 'use_rslora',
      use_dora: 'use_dora',
    },
    allLinear: undefined,
    preference: isPreference
      ? { loss: kind === 'orpo' ? 'orpo' : (textOf(loss) ?? 'sigmoid'), setting: preference }
      : undefined,
    preferenceFields: PREFERENCE_FIELDS,
  });
  setTrlDefaults(draft, kind);
  setAdapterDefaults(draft);
  if (kind === 'sft') carryTrlLoss(draft, settings);
  if (quantised && draft.has(QUANTIZATION)) draft.carried(QUANTIZATION, quantised);
  else if (quantised) draft.lose(quantised, 'The base is read as it is, in its own precision.');
  finishTraining(draft, settings);
  explainRest(draft, settings);
}

/** The fields of TRL's `DPOConfig` that are called so here too. */
export const PREFERENCE_FIELDS: Readonly<Record<string, string>> = {
  beta: 'beta',
  label_smoothing: 'label_smoothing',
  precompute_ref_log_probs: 'precompute_ref_log_probs',
};

/** What `SFTConfig` and `DPOConfig` say of lengths, packing and masks. */
export function carryTrlLengths(draft: Draft, settings: Setting, usual: unknown = 1024): void {
  if (!draft.has('data.max_length')) draft.set('data.max_length', usual);
  for (const name of ['max_length', 'max_seq_length', 'max_seq_len'])
    carryAs(draft, settings, name, 'data.max_length');
  carryEach(draft, settings, {
    packing: 'data.packing',
    packing_strategy: 'data.packing_strategy',
    completion_only_loss: 'data.completion_only_loss',
    assistant_only_loss: 'data.assistant_only_loss',
    chat_template_path: 'data.chat_template_path',
  });
}

/** Everything that is called as in `TrainingArguments`; TRL's own defaults where they are others. */
export function finishTraining(draft: Draft, settings: Setting): void {
  carryTrainingArguments(draft, settings);
  if (!draft.has('data.eval')) dropEvaluation(draft);
}

/** What the arguments of TRL's trainers say that those of transformers say otherwise (TRL 1.9). */
const LEARNING_RATES: Readonly<Record<TrlTrainer, number>> = { sft: 2e-5, dpo: 1e-6, orpo: 1e-6 };

/** Writes the defaults of a trainer's arguments; what is set takes their place. Computing layers again changes no number. */
export function setTrlDefaults(draft: Draft, trainer: TrlTrainer): void {
  draft.set('train.learning_rate', LEARNING_RATES[trainer]);
  draft.set('train.logging_steps', 10);
}

/** The defaults of TRL's `ModelConfig`, where an adapter is trained. */
function setAdapterDefaults(draft: Draft): void {
  if (!draft.has(ADAPTER)) return;
  for (const [field, value] of Object.entries({ r: 16, lora_alpha: 32, lora_dropout: 0.05 }))
    if (!draft.has(`${ADAPTER}.${field}`)) draft.set(`${ADAPTER}.${field}`, value);
}

/** The losses of `SFTConfig`: the usual one, also computed in chunks, and others that learn something else. */
export function carryTrlLoss(draft: Draft, settings: Setting): void {
  const loss = settings.take('loss_type');
  if (!loss) return;
  if (/^(chunked_)?nll$/.test(String(loss.value))) draft.same(loss, 'It is the loss that every run has.');
  else draft.differ(loss, 'Tunebook has no such loss.');
}
