import { carryLoraConfig, explainRest } from './carry.ts';
import { PROBLEM_FORMATS, PROBLEM_TYPES } from '../schema/formats.ts';
import {
  addDataset,
  carryBase,
  folderOrHub,
  isPath,
  splitOf,
  type ImportedData,
  type Paths,
} from './data.ts';
import { COMPUTED, isSection, type Draft } from './draft.ts';
import { ADAPTER, carryMethod, QUANTIZATION } from './method.ts';
import type { PythonCall } from './read-python.ts';
import { textOf, type Setting } from './settings.ts';
import { carryTrlLengths, finishTraining, PREFERENCE_FIELDS } from './trl.ts';

/** The arguments of a training, by the class that holds them. */
const TRAINING = /^(\w*TrainingArguments|SFTConfig|DPOConfig|ORPOConfig)$/;

/** The task of each of transformers' classes for models. */
const TASKS: readonly (readonly [RegExp, string])[] = [
  [/ForSequenceClassification$/, 'text-classification'],
  [/ForTokenClassification$/, 'token-classification'],
  [/ForMaskedLM$/, 'fill-mask'],
  [/ForCausalLM$|LMHeadModel$/, 'text-generation'],
];

/** Whether a script calls something that this knows. */
export function isTrainingScript(calls: readonly PythonCall[]): boolean {
  return calls.some(({ name }) => TRAINING.test(lastOf(name)));
}

/** Carries what a script that trains with transformers, TRL or PEFT passes to their classes. */
export function importScript(calls: readonly PythonCall[], draft: Draft, paths: Paths): void {
  const first = (pattern: RegExp) => calls.find(({ name }) => pattern.test(lastOf(name)))?.settings;
  const training = calls.filter(({ name }) => TRAINING.test(lastOf(name)));
  const [chosen, ...others] = training;
  carryModel(calls, draft, paths);
  const isPreference = /^(DPO|ORPO)/.test(lastOf(chosen?.name ?? ''));
  const trainer = first(/^(SFT|DPO|ORPO)Trainer$/);
  const fitting = chosen?.settings;
  addScriptData(calls, draft, {
    paths,
    isPreference,
    trainer,
    wantsEvaluation:
      fitting?.section('eval_strategy') !== undefined ||
      fitting?.section('evaluation_strategy') !== undefined,
  });
  if (fitting && /^(SFT|DPO|ORPO)/.test(lastOf(chosen.name))) carryTrlLengths(draft, fitting);
  if (trainer) carryTrlLengths(draft, trainer);
  carryAdapter(first(/^LoraConfig$/), draft, {
    quantisation: first(/^BitsAndBytesConfig$/),
    preference:
      isPreference && fitting ? { loss: lossOf(fitting, chosen.name), setting: fitting } : undefined,
  });
  if (fitting) {
    const folder = fitting.take('0');
    if (folder) draft.same(folder, 'Every run gets a directory of its own under `.tunebook/runs`.');
    finishTraining(draft, fitting);
    explainUnknown(draft, fitting);
  }
  for (const other of others)
    draft.lose(other.settings.takeAll(), 'A run has one set of arguments; those of the first are taken.');
}

function lastOf(name: string): string {
  return name.split('.').at(-1) ?? name;
}

function carryModel(calls: readonly PythonCall[], draft: Draft, paths: Paths): void {
  for (const { name, settings } of calls) {
    const [, className = ''] = /([A-Za-z0-9_]+)\.from_pretrained$/.exec(name) ?? [];
    const task = TASKS.find(([pattern]) => pattern.test(className))?.[1];
    if (task === undefined || draft.has('model.base')) continue;
    draft.set('model.task', task);
    carryBase(draft, paths, {
      base: settings.take('0') ?? settings.take('pretrained_model_name_or_path'),
      revision: settings.take('revision'),
    });
    carryLabels(draft, settings);
    explainUnknown(draft, settings);
  }
  const config = calls.find(({ name }) => /(^|\.)AutoConfig\.from_pretrained$/.test(name))?.settings;
  if (config && draft.has('model.base')) carryLabels(draft, config);
}

/** What a classifier's outputs mean. With one output transformers predicts a number, whether or not the script says so. */
function carryLabels(draft: Draft, settings: Setting): void {
  const problem = settings.take('problem_type');
  const labels = settings.take('num_labels');
  if (labels && labels.value === undefined)
    draft.lose(labels, 'It is computed by the script; the labels of the data are counted here.');
  else if (labels) draft.carry('model.num_labels', labels);
  if (problem) draft.carry('model.problem_type', problem);
  else if (labels?.value === 1 && draft.get('model.task') === 'text-classification')
    draft.set('model.problem_type', 'regression');
}

function explainUnknown(draft: Draft, settings: Setting): void {
  for (const setting of settings.untaken()) {
    if (setting.value !== undefined) continue;
    setting.takeAll();
    draft.lose(setting, COMPUTED);
  }
  explainRest(draft, settings);
}

function lossOf(settings: Setting, name: string): string {
  if (lastOf(name).startsWith('ORPO')) return 'orpo';
  return textOf(settings.take('loss_type')) ?? 'sigmoid';
}

function carryAdapter(
  lora: Setting | undefined,
  draft: Draft,
  {
    quantisation,
    preference,
  }: { quantisation: Setting | undefined; preference: { loss: string; setting: Setting } | undefined },
): void {
  const bits = quantisation?.take('load_in_4bit');
  carryMethod(draft, preference?.setting ?? lora, {
    kind: lora ? 'lora' : 'full',
    named: undefined,
    isQuantised: bits?.value === true,
    fields: {},
    allLinear: undefined,
    preference,
    preferenceFields: PREFERENCE_FIELDS,
  });
  if (bits && draft.has(QUANTIZATION)) draft.carried(QUANTIZATION, bits);
  else if (bits) draft.lose(bits, 'The base is read as it is, in its own precision.');
  if (quantisation) explainUnknown(draft, quantisation);
  if (!lora) return;
  carryLoraConfig(draft, lora, ADAPTER);
  explainUnknown(draft, lora);
}

function addScriptData(
  calls: readonly PythonCall[],
  draft: Draft,
  context: { paths: Paths; isPreference: boolean; trainer: Setting | undefined; wantsEvaluation: boolean },
): void {
  const load = calls.find(({ name }) => lastOf(name) === 'load_dataset')?.settings;
  if (!load) return;
  const { paths, isPreference, wantsEvaluation } = context;
  const path = load.take('0') ?? load.take('path');
  const files = load.take('data_files');
  const config = load.take('1') ?? load.take('name');
  const split = load.take('split');
  const column = context.trainer?.take('dataset_text_field');
  if (!path || (textOf(path) === undefined && files === undefined)) {
    if (path) draft.lose(path, COMPUTED);
    return;
  }
  const name = String(path.value);
  const isLocal = files !== undefined || isPath(name);
  if (files && files.value === undefined) {
    draft.lose(files, COMPUTED);
    return;
  }
  const set = (listed: readonly string[], part: Pick<ImportedData, 'split' | 'part'>): ImportedData => ({
    files: listed.map((file) => (isLocal ? (paths.onDisk(file) ?? file) : folderOrHub(file, paths))),
    ...(isPreference ? { format: 'preference' } : formatOf(draft)),
    ...(column
      ? { format: 'text', columns: textOf(column) === 'text' ? {} : { text: String(column.value) } }
      : {}),
    ...(config && textOf(config) !== undefined ? { config: String(config.value) } : {}),
    ...(isLocal ? {} : part),
    setting: path,
  });
  const parts = isSection(files?.value) ? files.value : { train: files?.value ?? name };
  const listOf = (part: unknown) => [part].flat().filter((each) => typeof each === 'string');
  const held = listOf(parts['validation'] ?? parts['test']);
  const evaluation = held.length > 0 || isLocal ? held : [name];
  addDataset(
    draft,
    'data',
    [set(listOf(parts['train']), splitOf(split))],
    wantsEvaluation && evaluation.length > 0 ? [set(evaluation, { split: 'test' })] : [],
  );
  for (const setting of [files, config, split]) if (setting) draft.carried('files', setting);
  explainUnknown(draft, load);
}

/** What the task says of the rows; a language model's may be of several shapes. */
function formatOf(draft: Draft): { format?: string } {
  const task = draft.get('model.task');
  const problem = PROBLEM_TYPES.find((type) => type === draft.get('model.problem_type'));
  if (task === 'text-classification')
    return { format: PROBLEM_FORMATS[problem ?? 'single_label_classification'] };
  if (task === 'token-classification') return { format: 'tokens' };
  return task === 'fill-mask' ? { format: 'text' } : {};
}
