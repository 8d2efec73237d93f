import { PROBLEM_FORMATS, PROBLEM_TYPES } from '../schema/formats.ts';
import { addDataset, carryCut, folderOrHub, isPath, splitOf, type ImportedData, type Paths } from './data.ts';
import { COMPUTED, isSection, type Draft } from './draft.ts';
import type { PythonCall, PythonScript } from './read-python.ts';
import { explainUnknown, lastOf, OTHER_ADAPTERS, OTHER_CLASSES, TRAINING_CLASSES } from './script-calls.ts';
import { carryAdapter, carryModel, carryNamedModel, lossOf } from './script-model.ts';
import { textOf, type Setting } from './settings.ts';
import { carryTrlLengths, carryTrlLoss, finishTraining, setTrlDefaults, trainerOf } from './trl.ts';

const TRAINER = /Trainer$/;
const PREFERENCE = /^(DPO|ORPO)/;

/** Carries what a script that trains with transformers, TRL, PEFT or Unsloth passes to their classes. */
export function importScript({ calls, usesDefaults }: PythonScript, draft: Draft, paths: Paths): void {
  const last = (pattern: RegExp) => calls.find(({ name }) => pattern.test(lastOf(name)))?.settings;
  const [chosen, ...others] = calls.filter(({ name }) => TRAINING_CLASSES.test(lastOf(name)));
  const model = carryModel(calls, draft, paths);
  const trainerCall = calls.find(({ name }) => TRAINER.test(lastOf(name)));
  const trainer = trainerCall?.settings;
  const isPreference = [chosen, trainerCall].some((call) => PREFERENCE.test(lastOf(call?.name ?? '')));
  const isTrl = [chosen, trainerCall].some((call) => /^(SFT|DPO|ORPO)/.test(lastOf(call?.name ?? '')));
  if (trainer && isTrl) carryNamedModel(trainer, draft, paths);
  const fitting = chosen?.settings;
  addScriptData(calls, draft, {
    paths,
    isPreference,
    trainer,
    columns: [trainer, fitting],
    wantsEvaluation: ['eval_strategy', 'evaluation_strategy', 'do_eval'].some(
      (name) => fitting?.section(name) !== undefined,
    ),
  });
  carryTokenized(calls, draft);
  const length = draft.get('data.max_length');
  if (isTrl) for (const each of [fitting, trainer]) if (each) carryTrlLengths(draft, each, length);
  carryAdapter(calls, draft, {
    ...model,
    preference:
      isPreference && fitting ? { loss: lossOf(fitting, chosen.name), setting: fitting } : undefined,
  });
  const stopping = last(/^EarlyStoppingCallback$/);
  if (stopping) carryStopping(draft, stopping);
  const kind = trainerOf(lastOf(chosen?.name ?? '').replace(/Config$/, ''));
  // Unsloth puts arguments of its own in the place of TRL's, with the defaults of transformers.
  if (kind && !calls.some(({ name }) => /^Fast\w*Model\./.test(name))) setTrlDefaults(draft, kind);
  if (kind === 'sft' && fitting) carryTrlLoss(draft, fitting);
  if (fitting) {
    const folder = fitting.take('0');
    if (folder) draft.same(folder, 'Every run gets a directory of its own under `.tunebook/runs`.');
    finishTraining(draft, fitting);
    explainUnknown(draft, fitting);
  }
  if (trainer) explainTrainer(draft, trainer);
  for (const other of others)
    draft.lose(other.settings.takeAll(), 'A run has one set of arguments; those of the first are taken.');
  for (const { name, settings } of calls) {
    if (OTHER_CLASSES.test(lastOf(name)))
      draft.differ(settings.takeAll(), 'Tunebook has no such method; what stands before it is carried.');
    if (OTHER_ADAPTERS.test(lastOf(name)))
      draft.differ(
        settings.takeAll(),
        'Tunebook has no such adapter: it has LoRA, and trains all weights without it.',
      );
  }
  if (usesDefaults)
    draft.remark('What the script takes from its command line is carried with its defaults there.');
}

/** The length that a script of its own cuts at: `tokenizer(rows["text"], truncation=True, max_length=512)`. */
function carryTokenized(calls: readonly PythonCall[], draft: Draft): void {
  if (draft.has('data.max_length')) return;
  const call = calls.find(
    ({ name, settings }) =>
      /^(self\.)?(tokenizer|tok)$/.test(name) &&
      settings.peek('truncation') !== false &&
      settings.section('max_length') !== undefined,
  );
  const length = call?.settings.take('max_length');
  if (length) draft.carry('data.max_length', length);
}

function carryStopping(draft: Draft, settings: Setting): void {
  for (const name of ['early_stopping_patience', 'early_stopping_threshold']) {
    const setting = settings.take(name);
    if (setting) draft.carry(`train.${name}`, setting);
  }
  if (!draft.has('train.early_stopping_patience')) draft.set('train.early_stopping_patience', 1);
}

/** Arguments of a trainer that are code of the script's own. */
const CODE =
  /^(compute_metrics|callbacks|data_collator|formatting_func|optimizers|compute_loss_func|preprocess_logits_for_metrics|model_init)$/;

/** What a trainer is given besides its arguments. Models, tokenizers and rows are objects of the script, which are read where they are made. */
function explainTrainer(draft: Draft, trainer: Setting): void {
  for (const [name, setting] of trainer.entries) {
    if (setting.isTaken || setting.isEmpty) continue;
    if (CODE.test(name)) draft.lose(setting.takeAll(), 'Python code is not run.');
    else if (setting.value === undefined) setting.takeAll();
  }
  explainUnknown(draft, trainer);
}

function addScriptData(
  calls: readonly PythonCall[],
  draft: Draft,
  context: {
    paths: Paths;
    isPreference: boolean;
    /** What the trainer is given: the splits that it is given say which they are. */
    trainer: Setting | undefined;
    /** What may name the column of texts. */
    columns: readonly (Setting | undefined)[];
    wantsEvaluation: boolean;
  },
): void {
  const load = calls.find(({ name }) => lastOf(name) === 'load_dataset')?.settings;
  if (!load) return;
  const { paths, isPreference, trainer, wantsEvaluation } = context;
  const path = load.take('0') ?? load.take('path');
  const files = load.take('data_files');
  const config = load.take('1') ?? load.take('name');
  const split = load.take('split');
  const column = context.columns.flatMap((each) => each?.take('dataset_text_field') ?? [])[0];
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
  const [trained, evaluated] = [namedSplit(trainer, 'train_dataset'), namedSplit(trainer, 'eval_dataset')];
  const parts = isSection(files?.value) ? files.value : { train: files?.value ?? name };
  const listOf = (part: unknown) => [part].flat().filter((each) => typeof each === 'string');
  const held = listOf(parts[evaluated ?? 'validation'] ?? parts['validation'] ?? parts['test']);
  const cut = calls.find((each) => /\.train_test_split$/.test(each.name))?.settings;
  const evaluation = cut ? [] : held.length > 0 || isLocal ? held : [name];
  addDataset(
    draft,
    'data',
    [set(listOf(parts['train']), split || trained === undefined ? splitOf(split) : { split: trained })],
    wantsEvaluation && evaluation.length > 0 ? [set(evaluation, { split: evaluated ?? 'test' })] : [],
  );
  if (cut) carrySplit(draft, cut);
  else if (!isLocal && wantsEvaluation && evaluated === undefined)
    draft.remark('Which split the script evaluates on is not written there: `test` is assumed.');
  if (calls.some(({ name }) => /(^|\.)map$/.test(name)))
    draft.remark(
      'The script makes other rows of these with `map`, which is not done here: compare what a row is.',
    );
  for (const setting of [files, config, split, column])
    if (setting && !draft.isNoted(setting)) draft.carried('files', setting);
  explainUnknown(draft, load);
}

/** The rows that a script holds out itself: `rows.train_test_split(test_size=0.1, seed=7)`. */
function carrySplit(draft: Draft, cut: Setting): void {
  const shuffled = cut.take('shuffle');
  carryCut(draft, cut.take('test_size') ?? cut.take('0'), cut.take('seed'));
  if (shuffled) draft.same(shuffled, 'Rows that are held out are drawn.');
  explainUnknown(draft, cut);
}

/** The split that a trainer is given by name: `eval_dataset=rows["validation"]`. */
function namedSplit(trainer: Setting | undefined, argument: string): string | undefined {
  return /\[\s*["']([\w.-]+)["']\s*\]/.exec(trainer?.section(argument)?.text ?? '')?.[1];
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
