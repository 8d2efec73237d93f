import { asNumber, carryAs, carryTrainingArguments, explainRest, dropEvaluation } from './carry.ts';
import { addDataset, carryBase, carryHeldOut, type Paths } from './data.ts';
import type { Draft } from './draft.ts';
import { readRegisteredData, type DatasetRegistry, type StageRows } from './llama-factory-data.ts';
import { takeNamed, tellFormerNames } from './llama-factory-versions.ts';
import { ADAPTER, carryMethod, QUANTIZATION } from './method.ts';
import { textOf, type Setting } from './settings.ts';

/** What each `stage` learns from; the others have no counterpart. */
const ROWS: Readonly<Record<string, StageRows>> = { pt: 'documents', sft: 'conversations', dpo: 'pairs' };

/**
 * Carries a LLaMA-Factory config. Its fields are those of transformers' `TrainingArguments` and some of its own; data sets
 * are names that `dataset_info.json` explains.
 */
export function importLlamaFactory(
  settings: Setting,
  draft: Draft,
  paths: Paths,
  registry: DatasetRegistry | undefined,
): void {
  draft.set('model.task', 'text-generation');
  const former = tellFormerNames(settings);
  if (former !== undefined) draft.remark(former);
  carryBase(draft, paths, {
    base: settings.take('model_name_or_path'),
    revision: settings.take('model_revision'),
  });
  const stage = settings.take('stage');
  const stageName = typeof stage?.value === 'string' ? stage.value : 'sft';
  if (stage && Object.hasOwn(ROWS, stageName)) draft.carried('model.task', stage);
  else if (stage)
    draft.differ(stage, `Tunebook has no stage \`${stageName}\`; what follows is supervised fine-tuning.`);
  const rows = ROWS[stageName] ?? 'other';
  carryData(settings, draft, { rows, paths, registry });
  carryLoss(settings, draft, stageName);
  carryAdapter(settings, draft, stageName, stage);
  carryTrainingArguments(draft, settings);
  fillStableDecay(draft);
  if (!draft.has('data.eval')) dropEvaluation(draft);
  explainRest(draft, settings);
}

function carryData(
  settings: Setting,
  draft: Draft,
  { rows, paths, registry }: { rows: StageRows; paths: Paths; registry: DatasetRegistry | undefined },
): void {
  const folder = settings.take('dataset_dir');
  const dir = typeof folder?.value === 'string' ? folder.value : 'data';
  const read = (name: string) => {
    const setting = settings.take(name);
    return setting ? readRegisteredData(setting, { rows, dir, paths, registry }) : [];
  };
  addDataset(draft, 'data', read('dataset'), read('eval_dataset'));
  carryHeldOut(draft, settings.take('val_size'), settings.peek('seed'));
  if (folder) draft.carried('files', folder);
  draft.set('data.max_length', 2048);
  const parts = ['max_source_length', 'max_target_length'].flatMap((name) => settings.take(name) ?? []);
  const cutoff = parts.reduce((sum, { value }) => sum + Number(asNumber(value)), 0);
  for (const part of parts)
    draft.carry('data.max_length', part, cutoff, 'Prompt and answer are cut together here.');
  carryAs(draft, settings, 'cutoff_len', 'data.max_length');
}

function carryLoss(settings: Setting, draft: Draft, stage: string): void {
  const neat = settings.take('neat_packing');
  const packing = takeNamed(settings, 'packing');
  if (packing) draft.carry('data.packing', packing);
  if (neat?.value === true) {
    draft.set('data.packing', true);
    draft.carry('data.packing_strategy', neat, 'bfd', 'Packed rows never see each other here.');
  } else if (neat) draft.same(neat, 'Packed rows never see each other here.');
  if (stage === 'pt' && packing?.value !== false) {
    draft.set('data.packing', true);
    draft.set('data.packing_strategy', 'wrapped');
  }
  const onPrompt = settings.take('train_on_prompt');
  const format = draft.datasets[0]?.['format'];
  const isChat = format === 'chat' || format === 'sharegpt';
  if (stage === 'sft' && isChat) draft.set('data.assistant_only_loss', onPrompt?.value !== true);
  if (!onPrompt) return;
  if (stage !== 'sft') draft.same(onPrompt, 'This stage has no prompt to leave out.');
  else if (isChat) draft.carried('data.assistant_only_loss', onPrompt);
  else draft.carry('data.completion_only_loss', onPrompt, onPrompt.value !== true);
}

function carryAdapter(
  settings: Setting,
  draft: Draft,
  stage: string,
  stageSetting: Setting | undefined,
): void {
  const loss = takeNamed(settings, 'pref_loss');
  const kind = settings.take('finetuning_type');
  const isAdapter = (textOf(kind) ?? 'lora') === 'lora';
  const target = settings.section('lora_target');
  const isAll = target === undefined || target.value === 'all';
  const bits = settings.take('quantization_bit');
  const isPreference = stage === 'dpo' && stageSetting !== undefined;
  if (!isPreference)
    for (const each of [loss, takeNamed(settings, 'pref_beta'), settings.take('pref_ftx')])
      if (each) draft.same(each, 'Only the stage `dpo` reads it.');
  const named = loss ?? stageSetting;
  carryMethod(draft, settings, {
    kind: textOf(kind) ?? 'lora',
    named: kind,
    isQuantised: bits?.value === 4,
    fields: {
      lora_rank: 'r',
      lora_alpha: 'lora_alpha',
      lora_dropout: 'lora_dropout',
      ...(isAll ? {} : { lora_target: 'target_modules' }),
      additional_target: 'modules_to_save',
      use_rslora: 'use_rslora',
      use_dora: 'use_dora',
    },
    allLinear: isAll ? settings.take('lora_target') : undefined,
    preference:
      isPreference && named
        ? { loss: typeof loss?.value === 'string' ? loss.value : 'sigmoid', setting: named }
        : undefined,
    preferenceFields: {
      pref_beta: 'beta',
      dpo_beta: 'beta',
      orpo_beta: 'beta',
      dpo_label_smoothing: 'label_smoothing',
    },
  });
  if (bits && draft.has(QUANTIZATION)) draft.carried(QUANTIZATION, bits);
  else if (bits) draft.lose(bits, 'Weights of this many bits are not read here; the base is read as it is.');
  if (isAdapter) setAdapterDefaults(draft);
}

/** Its adapter covers every linear layer, and its scale is twice the rank, where nothing else is said. */
function setAdapterDefaults(draft: Draft): void {
  if (!draft.has(ADAPTER)) return;
  if (!draft.has(`${ADAPTER}.target_modules`)) draft.set(`${ADAPTER}.target_modules`, 'all-linear');
  if (draft.has(`${ADAPTER}.lora_alpha`)) return;
  draft.set(`${ADAPTER}.lora_alpha`, 2 * Number(draft.get(`${ADAPTER}.r`) ?? 8));
}

/**
 * What LLaMA-Factory gives `warmup_stable_decay` where nothing else is said: a third of the steps behind the warm-up at the full
 * rate, the others down (`create_custom_scheduler` in train/trainer_utils.py). Without `max_steps` only the data tell how many that are.
 */
function fillStableDecay(draft: Draft): void {
  if (draft.get('train.lr_scheduler_type') !== 'warmup_stable_decay') return;
  const given = (name: string) => draft.has(`train.lr_scheduler_kwargs.${name}`);
  if (given('num_decay_steps') && given('num_stable_steps')) return;
  const total = Number(draft.get('train.max_steps') ?? 0);
  if (!(total > 0)) {
    draft.remark(
      'LLaMA-Factory keeps the full rate for a third of the steps behind the warm-up, and goes down in the others: `tunebook plan` says how many steps there are, and `num_stable_steps` and `num_decay_steps` take them.',
    );
    return;
  }
  const warmup = Number(draft.get('train.warmup_steps') ?? 0);
  const remaining = total - (warmup < 1 ? Math.ceil(total * warmup) : warmup);
  const stable = Math.floor(remaining / 3);
  for (const [name, steps] of Object.entries({
    num_stable_steps: stable,
    num_decay_steps: remaining - stable,
  }))
    if (!given(name)) draft.set(`train.lr_scheduler_kwargs.${name}`, steps);
}
