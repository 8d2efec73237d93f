import { carryAs, carryEach, carryTrainingArguments, explainRest, dropEvaluation } from './carry.ts';
import { addDataset, carryBase, folderOrHub, type ImportedData, type Paths } from './data.ts';
import type { Draft } from './draft.ts';
import { carryMethod, QUANTIZATION } from './method.ts';
import { textOf, type Setting } from './settings.ts';

/** Carries a YAML config of `trl sft` and `trl dpo`: the fields of its script, model and training arguments in one map. */
export function importTrl(settings: Setting, draft: Draft, paths: Paths): void {
  draft.set('model.task', 'text-generation');
  carryBase(draft, paths, {
    base: settings.take('model_name_or_path'),
    revision: settings.take('model_revision'),
  });
  const isPreference = ['beta', 'loss_type', 'max_prompt_length', 'precompute_ref_log_probs'].some(
    (name) => settings.section(name) !== undefined,
  );
  addTrlData(draft, settings, { paths, isPreference });
  carryTrlLengths(draft, settings);
  const usesPeft = settings.take('use_peft');
  const quantised = settings.take('load_in_4bit');
  const loss = settings.take('loss_type');
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
    preference:
      isPreference && preference ? { loss: textOf(loss) ?? 'sigmoid', setting: preference } : undefined,
    preferenceFields: PREFERENCE_FIELDS,
  });
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
  for (const name of ['max_length', 'max_seq_length']) carryAs(draft, settings, name, 'data.max_length');
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

function addTrlData(
  draft: Draft,
  settings: Setting,
  { paths, isPreference }: { paths: Paths; isPreference: boolean },
): void {
  const name = settings.take('dataset_name');
  if (!name) return;
  const config = settings.take('dataset_config');
  const trainSplit = settings.take('dataset_train_split');
  const testSplit = settings.take('dataset_test_split');
  const column = settings.take('dataset_text_field');
  const set = (split: string | undefined): ImportedData => ({
    files: [folderOrHub(String(name.value), paths)],
    ...(isPreference ? { format: 'preference' } : {}),
    ...(column && textOf(column) !== 'text'
      ? { format: 'text', columns: { text: String(column.value) } }
      : {}),
    ...(config ? { config: String(config.value) } : {}),
    ...(split === undefined ? {} : { split }),
    setting: name,
  });
  const wantsEvaluation =
    settings.section('eval_strategy') !== undefined && settings.peek('eval_strategy') !== 'no';
  addDataset(
    draft,
    'data',
    [set(textOf(trainSplit))],
    wantsEvaluation ? [set(textOf(testSplit) ?? 'test')] : [],
  );
  for (const setting of [config, trainSplit, testSplit, column]) if (setting) draft.carried('files', setting);
}
