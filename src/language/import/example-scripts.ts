import { carryAs, carryTrainingArguments, dropEvaluation, explainRest } from './carry.ts';
import { addDataset, carryBase, carryHeldOut, folderOrHub, type ImportedData, type Paths } from './data.ts';
import { COMPUTED, type Draft } from './draft.ts';
import { Setting, textOf } from './settings.ts';

/** One of the example scripts of transformers: what it trains, and what it does where nothing else is said. */
interface ExampleScript {
  task: string;
  format: string;
  /** The option that names the length, and its default. */
  length: readonly [name: string, usual: number];
  /** Its options that name columns, with the role of each. */
  columns: Readonly<Record<string, string>>;
}

const CLASSIFIER: ExampleScript = {
  task: 'text-classification',
  format: 'classification',
  length: ['max_seq_length', 128],
  columns: { text_column_names: 'text', text_column_name: 'text', label_column_name: 'label' },
};

/** https://github.com/huggingface/transformers/tree/main/examples/pytorch */
const EXAMPLES: Readonly<Record<string, ExampleScript>> = {
  run_glue: CLASSIFIER,
  run_classification: CLASSIFIER,
  run_clm: { task: 'text-generation', format: 'text', length: ['block_size', 1024], columns: {} },
  run_mlm: { task: 'fill-mask', format: 'text', length: ['max_seq_length', 1024], columns: {} },
  run_ner: {
    task: 'token-classification',
    format: 'tokens',
    length: ['max_seq_length', 512],
    columns: { text_column_name: 'tokens', label_column_name: 'tags' },
  },
};

/** The columns of the tasks of GLUE: the text, and the second text where a row has two. */
const GLUE: Readonly<Record<string, readonly [string, string?]>> = {
  cola: ['sentence'],
  mnli: ['premise', 'hypothesis'],
  mrpc: ['sentence1', 'sentence2'],
  qnli: ['question', 'sentence'],
  qqp: ['question1', 'question2'],
  rte: ['sentence1', 'sentence2'],
  sst2: ['sentence'],
  stsb: ['sentence1', 'sentence2'],
  wnli: ['sentence1', 'sentence2'],
};

/** Those for tasks that Tunebook lacks: they are started alike, and would be taken for fine-tuning a language model. */
export const OTHER_TASKS =
  /^run_(plm|fim|swag|hellaswag|qa|seq2seq|squad|summarization|translation|xnli|generation|image|speech|audio|wav2vec2|mae|mim|clip|semantic|instance|object)(_|\.)/;

/** Which example script a program is; `undefined` for another one. */
export function exampleOf(program: string): ExampleScript | undefined {
  const name = program.replace(/(_no_trainer|_old)?\.py$/, '');
  return Object.hasOwn(EXAMPLES, name) ? EXAMPLES[name] : undefined;
}

/** Carries the options of an example script of transformers. */
export function importExample(script: ExampleScript, from: Setting, draft: Draft, paths: Paths): void {
  draft.set('model.task', script.task);
  carryBase(draft, paths, {
    base: from.take('model_name_or_path'),
    revision: from.take('model_revision'),
  });
  const glue = script === CLASSIFIER ? from.take('task_name') : undefined;
  const columns = glue
    ? (carryGlue(draft, glue) ?? carryColumns(script, from, draft))
    : carryColumns(script, from, draft);
  if (script.format === 'tokens') carryTagger(draft, from, columns);
  carryRegression(draft, from);
  carryData(from, draft, { script, columns, paths, glue });
  const [length, usual] = script.length;
  draft.set('data.max_length', usual);
  if (!carryAs(draft, from, length, 'data.max_length')) carryAs(draft, from, 'max_length', 'data.max_length');
  const byLine = from.take('line_by_line');
  if (byLine) draft.same(byLine, 'A row is a text of its own here, unless they are packed.');
  if (script.task === 'text-generation') {
    // Its texts stand end to end and are cut into blocks.
    draft.set('data.packing', true);
    draft.set('data.packing_strategy', 'wrapped');
  } else if (script.task === 'fill-mask' && byLine?.value !== true)
    draft.remark(
      '`run_mlm.py` puts texts end to end and cuts them into blocks; here each text is a row, cut at `max_length`.',
    );
  carryAs(draft, from, 'mlm_probability', 'data.mlm_probability');
  const padding = from.take('pad_to_max_length');
  if (padding) draft.same(padding, 'Nothing is padded here outside attention.');
  draft.set('method.full', {});
  carryTrainingArguments(draft, from);
  if (!draft.has('data.eval')) dropEvaluation(draft);
  explainRest(draft, from);
}

/** The columns of a task of GLUE; `undefined` where the task is none of them. */
function carryGlue(draft: Draft, setting: Setting): Record<string, string> | undefined {
  const name = textOf(setting)?.toLowerCase() ?? '';
  const known = Object.hasOwn(GLUE, name) ? GLUE[name] : undefined;
  if (!known) {
    draft.lose(setting, 'It is no task of GLUE whose columns are known.');
    return undefined;
  }
  if (name === 'stsb') draft.set('model.problem_type', 'regression');
  const [text, pair] = known;
  return { text, ...(pair === undefined ? {} : { text_pair: pair }) };
}

function carryColumns(script: ExampleScript, from: Setting, draft: Draft): Record<string, string> {
  const columns: Record<string, string> = {};
  for (const [name, role] of Object.entries(script.columns)) {
    const setting = from.take(name);
    if (!setting) continue;
    // `run_classification.py` joins several columns by a delimiter.
    const [first = '', second, ...rest] = String(setting.value).split(',');
    columns[role] = first;
    if (second !== undefined) columns['text_pair'] = second;
    if (second === undefined) draft.carried(`columns.${role}`, setting);
    else if (rest.length === 0)
      draft.carried(`columns.${role}`, setting, 'The two texts are a pair here, not joined by a delimiter.');
    else draft.lose(setting, 'A row has at most two texts here; the first two are carried.');
  }
  return columns;
}

/** The column of tags that `run_ner.py` takes where none is named: `pos_tags` for `--task_name pos`. */
function carryTagger(draft: Draft, from: Setting, columns: Record<string, string>): void {
  const setting = from.take('task_name');
  const name = textOf(setting);
  if (setting && name === undefined) draft.lose(setting, COMPUTED);
  if (!setting || name === undefined) return;
  if (columns['tags'] === undefined) {
    if (name !== 'ner') columns['tags'] = `${name}_tags`;
    draft.carried('columns.tags', setting, `It reads the tags of the column \`${name}_tags\`.`);
  } else draft.lose(setting, '`label_column_name` stands there as well, and counts.');
}

function carryRegression(draft: Draft, from: Setting): void {
  const setting = from.take('do_regression');
  if (setting?.value === true) draft.carry('model.problem_type', setting, 'regression');
  else if (setting) draft.same(setting, 'Labels are classes where nothing else is said.');
}

function carryData(
  from: Setting,
  draft: Draft,
  given: { script: ExampleScript; columns: Record<string, string>; paths: Paths; glue: Setting | undefined },
): void {
  const { script, columns, paths, glue } = given;
  const format = draft.get('model.problem_type') === 'regression' ? 'regression' : script.format;
  const [hub, config] = [
    from.take('dataset_name'),
    from.take('dataset_config_name') ?? from.take('dataset_config'),
  ];
  const [trainSplit, evalSplit] = [from.take('train_split_name'), from.take('validation_split_name')];
  const isMnli = textOf(glue)?.toLowerCase() === 'mnli';
  const set = (setting: Setting, file: string, split: string): ImportedData => ({
    files: [file],
    format,
    columns,
    ...(glue && setting === glue ? { config: String(glue.value).toLowerCase() } : {}),
    ...(config && setting === hub ? { config: String(config.value) } : {}),
    split,
    setting,
  });
  const local = (name: string) => {
    const setting = from.take(name);
    const path = textOf(setting);
    if (setting && path === undefined) draft.lose(setting, COMPUTED);
    return setting && path !== undefined ? [set(setting, paths.onDisk(path) ?? path, 'train')] : [];
  };
  const files = { train: local('train_file'), validation: local('validation_file') };
  const wantsEvaluation = from.peek('do_eval') === true || from.section('eval_strategy') !== undefined;
  const remote = glue ?? hub;
  if (remote && files.train.length === 0) {
    const name = remote === glue ? 'hf:nyu-mll/glue' : folderOrHub(String(remote.value), paths);
    const held = isMnli && remote === glue ? 'validation_matched' : (textOf(evalSplit) ?? 'validation');
    for (const { setting } of files.validation)
      draft.lose(setting, 'It is read beside a `train_file` alone.');
    addDataset(
      draft,
      'data',
      [set(remote, name, textOf(trainSplit) ?? 'train')],
      wantsEvaluation ? [set(remote, name, held)] : [],
    );
    const counted = remote === hub ? [config, trainSplit, evalSplit] : [trainSplit, evalSplit];
    for (const each of counted) if (each) draft.carried('files', each);
    if (remote !== hub)
      for (const each of [hub, config])
        if (each) draft.lose(each, '`task_name` stands there as well, and counts.');
  } else {
    for (const each of [hub, glue, config, trainSplit, evalSplit])
      if (each && !draft.isNoted(each)) draft.lose(each, '`train_file` stands there as well, and counts.');
    addDataset(draft, 'data', files.train, files.validation);
  }
  const share = from.take('validation_split_percentage');
  if (share && draft.has('data.eval'))
    draft.same(share, 'There are rows to evaluate on, in a split of their own.');
  else if (share)
    carryHeldOut(
      draft,
      new Setting(share.path, Number(share.value) / 100, share.text, share.origin),
      from.peek('seed'),
    );
  const evaluate = from.take('do_eval');
  if (evaluate && draft.has('data.eval')) draft.carried('data.eval', evaluate);
  else if (evaluate) draft.lose(evaluate, 'There are no rows to evaluate on: name some in `data.eval`.');
}
