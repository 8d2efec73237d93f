import {
  carryAs,
  carryEach,
  carryOptimizer,
  carryTrainingArguments,
  asNumber,
  explainRest,
  dropEvaluation,
} from './carry.ts';
import { readAxolotlData, type Rows } from './axolotl-data.ts';
import { addDataset, carryBase, carryHeldOut, type Paths } from './data.ts';
import type { Draft } from './draft.ts';
import { carryMethod, preferenceSection, QUANTIZATION } from './method.ts';
import { isOff } from './reasons.ts';
import { textOf, type Setting } from './settings.ts';

/** Axolotl's defaults where transformers or we have another one. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  'data.max_length': 512,
  'train.num_train_epochs': 1,
  'train.per_device_train_batch_size': 1,
  'train.lr_scheduler_type': 'cosine',
};

/** Carries an Axolotl config, by the fields that its config reference documents. */
export function importAxolotl(settings: Setting, draft: Draft, paths: Paths): void {
  for (const [field, value] of Object.entries(DEFAULTS)) draft.set(field, value);
  carryBase(draft, paths, {
    base: settings.take('base_model'),
    revision: settings.take('revision_of_model'),
  });
  const labels = Number(settings.peek('num_labels') ?? 1);
  draft.set('model.task', labels > 1 ? 'text-classification' : 'text-generation');
  const preference = preferenceOf(settings);
  const data = readAxolotlData(settings, { paths, rows: rowsOf(settings, draft, preference?.loss) });
  addDataset(draft, 'data', data.train, data.evaluation);
  carryHeldOut(draft, settings.take('val_set_size'), settings.peek('seed'));
  carryLengths(settings, draft);
  const adapter = settings.take('adapter');
  carryMethod(draft, settings, {
    kind: textOf(adapter),
    named: adapter,
    isQuantised: settings.peek('load_in_4bit') === true || settings.peek('adapter') === 'qlora',
    fields: {
      lora_r: 'r',
      lora_alpha: 'lora_alpha',
      lora_dropout: 'lora_dropout',
      lora_target_modules: 'target_modules',
      lora_modules_to_save: 'modules_to_save',
      peft_use_dora: 'use_dora',
      peft_use_rslora: 'use_rslora',
      peft_layers_to_transform: 'layers_to_transform',
    },
    allLinear: settings.peek('lora_target_linear') === true ? settings.take('lora_target_linear') : undefined,
    preference,
    preferenceFields: {
      rl_beta: 'beta',
      dpo_beta: 'beta',
      dpo_label_smoothing: 'label_smoothing',
      orpo_alpha: 'beta',
    },
  });
  for (const name of ['load_in_4bit', 'load_in_8bit']) {
    const setting = settings.take(name);
    if (setting) tellQuantisation(draft, setting);
  }
  carryTraining(settings, draft);
  explainRest(draft, settings);
}

/** `rl:` of Axolotl: which preference method. */
function preferenceOf(settings: Setting): { loss: string; setting: Setting } | undefined {
  const setting = settings.section('rl');
  if (!setting || typeof setting.value !== 'string') return undefined;
  setting.takeAll();
  return { loss: setting.value === 'dpo' ? 'sigmoid' : setting.value, setting };
}

/** Settings that ask for a model that judges answers. */
const REWARD = ['reward_model', 'process_reward_model'];

/** What the rows are for; rows for a method that is missing here get no format, so that nothing learns from them by mistake. */
function rowsOf(settings: Setting, draft: Draft, loss: string | undefined): Rows {
  const reward = REWARD.flatMap((name) => settings.section(name) ?? []).find(({ value }) => value === true);
  if (reward) draft.differ(reward.takeAll(), 'Tunebook trains no reward models.');
  if (loss !== undefined) return preferenceSection(loss) === undefined ? 'other' : 'pairs';
  return reward ? 'other' : 'texts';
}

function tellQuantisation(draft: Draft, setting: Setting): void {
  if (isOff(setting.value)) draft.same(setting, 'Weights are not quantised without being asked for.');
  else if (setting.path === 'load_in_8bit')
    draft.lose(setting, 'There are no 8-bit weights here; the base is read as it is.');
  else if (draft.has(QUANTIZATION)) draft.carried(QUANTIZATION, setting);
  else draft.lose(setting, 'The base is read as it is, in its own precision.');
}

function carryLengths(settings: Setting, draft: Draft): void {
  carryAs(draft, settings, 'sequence_len', 'data.max_length');
  const packing = settings.take('sample_packing');
  if (packing) draft.carry('data.packing', packing);
  const pretraining = settings.take('pretraining_sample_concatenation');
  if (pretraining?.value === true) {
    draft.set('data.packing', true);
    draft.carry('data.packing_strategy', pretraining, 'wrapped');
  }
  carryMask(settings, draft);
}

/** Where nothing else is said, what the model is given is not learnt: in conversations, what the assistant did not say. */
function carryMask(settings: Setting, draft: Draft): void {
  const onInputs = settings.take('train_on_inputs');
  const format = draft.datasets[0]?.['format'];
  const isChat = format === 'chat' || format === 'sharegpt';
  if (isChat) draft.set('data.assistant_only_loss', true);
  for (const set of settings.section('datasets')?.children ?? []) {
    const roles = set.take('roles_to_train');
    if (roles && String(roles.value) === 'assistant') draft.carried('data.assistant_only_loss', roles);
    else if (roles) draft.lose(roles, 'What the assistant says is learnt, or everything.');
  }
  if (!onInputs) return;
  const field = isChat ? 'data.assistant_only_loss' : 'data.completion_only_loss';
  if (format === 'text' || format === 'preference')
    draft.same(onInputs, 'This format has no prompt to leave out.');
  else draft.carry(field, onInputs, onInputs.value !== true);
}

function carryTraining(settings: Setting, draft: Draft): void {
  const epochs = asNumber(settings.peek('num_epochs')) ?? 1;
  carryEach(draft, settings, {
    micro_batch_size: 'train.per_device_train_batch_size',
    eval_batch_size: 'train.per_device_eval_batch_size',
    num_epochs: 'train.num_train_epochs',
    lr_scheduler: 'train.lr_scheduler_type',
  });
  carryLowestRate(draft, settings);
  const batch = settings.take('batch_size');
  const micro = Number(settings.peek('micro_batch_size') ?? 1);
  if (batch) {
    const why = '`batch_size` counts the rows of all accumulated batches.';
    draft.carry(
      'train.gradient_accumulation_steps',
      batch,
      Math.max(1, Math.round(Number(batch.value) / micro)),
      why,
    );
  }
  const optimizer = settings.take('optimizer');
  if (optimizer) carryOptimizer(draft, optimizer);
  const shuffle = settings.take('shuffle_merged_datasets');
  if (shuffle)
    draft.carry('train.train_sampling_strategy', shuffle, isOff(shuffle.value) ? 'sequential' : 'random');
  if (!draft.has('train.per_device_eval_batch_size')) {
    const isCarried = draft.notes.some(({ field }) => field === 'train.per_device_train_batch_size');
    if (isCarried)
      draft.set('train.per_device_eval_batch_size', draft.get('train.per_device_train_batch_size'));
  }
  for (const [name, strategy, steps] of [
    ['evals_per_epoch', 'train.eval_strategy', 'train.eval_steps'],
    ['saves_per_epoch', 'train.save_strategy', 'train.save_steps'],
  ] as const) {
    const setting = settings.take(name);
    if (setting) carryPerEpoch(draft, setting, { strategy, steps, epochs: Number(epochs) });
  }
  carryTrainingArguments(draft, settings);
  if (draft.has('data.eval')) completeEvaluation(draft);
  else dropEvaluation(draft);
}

/** What Axolotl's `_configure_save_and_eval_strategy` and its builder of causal models make of `eval_steps` and of a patience. */
function completeEvaluation(draft: Draft): void {
  const [evaluate, save] = ['train.eval_steps', 'train.save_steps'].map((field) =>
    Number(draft.get(field) ?? 0),
  );
  if (evaluate && !draft.has('train.eval_strategy')) draft.set('train.eval_strategy', 'steps');
  if (!draft.has('train.early_stopping_patience')) return;
  if (!draft.has('train.metric_for_best_model')) draft.set('train.metric_for_best_model', 'loss');
  if (evaluate && save && save % evaluate === 0) draft.set('train.load_best_model_at_end', true);
}

/** Its `cosine` takes an end of its own beside the arguments; transformers has another name for one with an end. */
function carryLowestRate(draft: Draft, settings: Setting): void {
  const share = settings.take('cosine_min_lr_ratio');
  if (!share) return;
  if (draft.get('train.lr_scheduler_type') !== 'cosine')
    draft.same(share, 'It is of the schedule `cosine` alone.');
  else if (draft.carry('train.lr_scheduler_kwargs.min_lr_rate', share, asNumber(share.value)))
    draft.set('train.lr_scheduler_type', 'cosine_with_min_lr');
}

/** Axolotl makes a fraction of the run of it: 1 / (times an epoch × epochs). */
function carryPerEpoch(
  draft: Draft,
  setting: Setting,
  { strategy, steps, epochs }: { strategy: string; steps: string; epochs: number },
): void {
  const times = Number(setting.value);
  if (times === 0) {
    draft.carry(strategy, setting, 'no');
    return;
  }
  const share = Number((1 / (times * epochs)).toPrecision(6));
  if (share === 1) draft.carry(strategy, setting, 'epoch', 'Once in the whole run is once an epoch.');
  else if (draft.carry(steps, setting, share, 'A step below 1 is a fraction of the run.'))
    draft.set(strategy, 'steps');
}
