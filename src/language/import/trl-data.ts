import { addDataset, carryCut, folderOrHub, splitOf, type ImportedData, type Paths } from './data.ts';
import type { Draft } from './draft.ts';
import { isOff } from './reasons.ts';
import { textOf, type Setting } from './settings.ts';

interface Context {
  paths: Paths;
  isPreference: boolean;
}

/** Carries what TRL's `ScriptArguments` and `DatasetMixtureConfig` say of the rows, and the handbook's `dataset_mixer`. */
export function addTrlData(draft: Draft, settings: Setting, context: Context): void {
  const name = settings.take('dataset_name');
  const column = settings.take('dataset_text_field');
  const mixture = settings.section('dataset_mixture') ?? settings;
  const sets = mixture.section('datasets')?.children ?? [];
  const mixer = settings.section('dataset_mixer');
  const wantsEvaluation = ['eval_strategy', 'evaluation_strategy'].some(
    (each) => settings.section(each) !== undefined && !isOff(settings.peek(each)),
  );
  // TRL takes the list where there are both.
  if (sets.length > 0) {
    if (name) draft.lose(name, '`datasets` stands there as well, and counts.');
    const read = sets.map((each) => readSet(each, column, context));
    addDataset(draft, 'data', read, []);
    const seed = mixture === settings ? undefined : mixture.take('seed');
    carryCut(draft, mixture.take('test_split_size'), seed);
  } else if (mixer) addMixer(draft, settings, mixer, { ...context, wantsEvaluation });
  else if (name) addNamed(draft, settings, name, { ...context, column, wantsEvaluation });
  if (column && draft.has('data.train')) draft.carried('columns.text', column);
  else if (column) draft.lose(column, 'There is no data set whose column it could name.');
}

function shapeOf(
  column: Setting | undefined,
  isPreference: boolean,
): Pick<ImportedData, 'format' | 'columns'> {
  if (isPreference) return { format: 'preference' };
  if (!column || textOf(column) === 'text') return {};
  return { format: 'text', columns: { text: String(column.value) } };
}

/** One set of a mixture: `path` and `name` in TRL, `id` and `config` in the handbook. */
function readSet(each: Setting, column: Setting | undefined, { paths, isPreference }: Context): ImportedData {
  const path = each.take('path') ?? each.take('id');
  const config = each.take('name') ?? each.take('config');
  const split = each.take('split');
  const files = each.take('data_files');
  const weight = each.take('weight');
  const columns = each.take('columns');
  const listed = [files?.value].flat().filter((file) => typeof file === 'string');
  const details = [config, split, weight, columns].flatMap((setting) =>
    setting ? [{ setting, field: 'files' }] : [],
  );
  return {
    files:
      listed.length > 0
        ? listed.map((file) => paths.onDisk(file) ?? file)
        : [folderOrHub(textOf(path) ?? '', paths)],
    ...shapeOf(column, isPreference),
    ...(config ? { config: String(config.value) } : {}),
    ...splitOf(split),
    ...(weight && weight.value !== 1
      ? {
          differs: `Every row of \`${String(path?.value)}\` is read, not a share of ${String(weight.value)}.`,
        }
      : {}),
    details,
    setting: files ?? path ?? each.takeAll(),
    section: each,
  };
}

/** `dataset_mixer: { owner/name: 0.5 }` beside `dataset_splits: [train, test]`. */
function addMixer(
  draft: Draft,
  settings: Setting,
  mixer: Setting,
  { paths, isPreference, wantsEvaluation }: Context & { wantsEvaluation: boolean },
): void {
  const splits = settings.take('dataset_splits');
  const configs = settings.take('dataset_configs');
  const names = [splits?.value].flat().filter((split) => typeof split === 'string');
  const listed = [configs?.value].flat();
  const held = names.find((split) => /test|valid|eval/.test(split));
  const set = (split: string | undefined): ImportedData[] =>
    mixer.entries.map(([name, setting], index) => ({
      files: [folderOrHub(name, paths)],
      ...shapeOf(undefined, isPreference),
      ...(typeof listed[index] === 'string' ? { config: listed[index] } : {}),
      ...(split === undefined ? {} : { split }),
      ...(setting.value === 1
        ? {}
        : { differs: `Every row of \`${name}\` is read, not a share of ${setting.text} of them.` }),
      setting: setting.takeAll(),
    }));
  addDataset(
    draft,
    'data',
    set(names.find((split) => split !== held)),
    wantsEvaluation && held !== undefined ? set(held) : [],
  );
  for (const each of [splits, configs]) if (each) draft.carried('files', each);
}

function addNamed(
  draft: Draft,
  settings: Setting,
  name: Setting,
  {
    paths,
    isPreference,
    column,
    wantsEvaluation,
  }: Context & { column: Setting | undefined; wantsEvaluation: boolean },
): void {
  const config = settings.take('dataset_config') ?? settings.take('dataset_config_name');
  const trainSplit = settings.take('dataset_train_split');
  const testSplit = settings.take('dataset_test_split');
  // Before there were two options for them, scripts had one: `--splits train,test`.
  const splits = settings.take('splits');
  const [first, second] = (textOf(splits) ?? '').split(',');
  const set = (split: string | undefined): ImportedData => ({
    files: [folderOrHub(String(name.value), paths)],
    ...shapeOf(column, isPreference),
    ...(config ? { config: String(config.value) } : {}),
    ...(split === undefined || split === '' ? {} : { split }),
    setting: name,
  });
  addDataset(
    draft,
    'data',
    [set(textOf(trainSplit) ?? first)],
    wantsEvaluation ? [set(textOf(testSplit) ?? second ?? 'test')] : [],
  );
  for (const setting of [config, trainSplit, testSplit, splits]) if (setting) draft.carried('files', setting);
}
