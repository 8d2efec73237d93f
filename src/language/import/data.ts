import { NAME_PATTERN } from '../schema/field.ts';
import { schemaAt, schemaOf } from '../schema/navigate.ts';
import { asNumber } from './carry.ts';
import { COMPUTED, type Draft } from './draft.ts';
import { textOf, type Setting } from './settings.ts';

/** A set of rows that another tool reads: where it lies and what a row is. */
export interface ImportedData {
  /** A file relative to the new config, or `hf:owner/name`. */
  files: readonly string[];
  /** One of our formats; left out where the tool's own shape has none, and the data say themselves. */
  format?: string;
  /** Our role of a column to its name in the file, where that is not the usual one. */
  columns?: Readonly<Record<string, string>>;
  /** Part of a data set on the hub. */
  config?: string;
  split?: string;
  /** Set where only a part of the split is meant, as `train[95%:]`, which has no name here. */
  part?: Setting | undefined;
  /** What was assumed about it. */
  why?: string;
  /** What named it, for the notes. */
  setting: Setting;
  /** All that is said of it, where that is a section of its own. */
  section?: Setting | undefined;
  /** What else is said of it, with the field of the data set that it became. */
  details?: readonly Detail[];
  /** What the other tool does with the rows besides, one sentence. */
  differs?: string;
}

/** A setting of a set of rows, and the field that it became. */
export interface Detail {
  setting: Setting;
  field: string;
  why?: string | undefined;
}

/**
 * Makes one `dataset:` of what a tool trains and evaluates on, and names it in `data:`. A run reads rows of one shape; sets of
 * another shape than the first are lost, and said.
 */
export function addDataset(
  draft: Draft,
  name: string,
  train: readonly ImportedData[],
  evaluation: readonly ImportedData[],
): void {
  const [first] = train;
  if (!first) {
    for (const { section, setting } of evaluation)
      draft.lose(section ?? setting, 'There are no rows to train on that it could be evaluated beside.');
    return;
  }
  const files: Record<string, unknown> = {};
  const dataset: Record<string, unknown> = { dataset: name, files };
  for (const [split, sets, field] of [
    ['train', train, 'data.train'],
    ['validation', evaluation, 'data.eval'],
  ] as const) {
    // The whole split in place of a part that is held back would have rows that are trained on.
    const wanted = sets.filter(({ part }) => part === undefined || split === 'train');
    const alike = wanted.filter((each) => isAlike(each, first));
    for (const { part, section } of sets.filter((each) => each.part && !wanted.includes(each)))
      draft.lose(section ?? part!, PART);
    for (const { part } of alike) if (part) draft.lose(part, PART);
    for (const other of wanted.filter((each) => !alike.includes(each)))
      draft.lose(other.section ?? other.setting, ONE_SHAPE);
    const paths = alike.flatMap((each) =>
      each.files.map((file) => splitPath(file, each.split ?? 'train', split)),
    );
    if (paths.length === 0) continue;
    for (const { differs } of alike) if (differs !== undefined) draft.remark(differs);
    files[split] = paths.length === 1 ? paths[0] : paths;
    draft.set(field, `${name}.${split}`);
    for (const setting of new Set(alike.map((each) => each.setting)))
      draft.carried(`files.${split}`, setting, alike.find((each) => each.setting === setting)?.why);
    for (const { setting, field, why } of alike.flatMap(({ details = [] }) => details))
      draft.carried(field, setting, why);
  }
  if (first.config !== undefined) dataset['config'] = first.config;
  if (first.format !== undefined && formats().includes(first.format)) dataset['format'] = first.format;
  const columns = Object.entries(first.columns ?? {}).filter(([role]) => isRole(role));
  if (columns.length > 0) dataset['columns'] = Object.fromEntries(columns);
  draft.datasets.push(dataset);
}

/**
 * Carries the share of the training rows that a tool evaluates on, and the seed of its own by which they are drawn. Tools draw them in
 * their own ways: they are as many, not the same.
 */
export function carryCut(draft: Draft, size: Setting | undefined, seed: Setting | undefined): void {
  carryHeldOut(draft, size, seed?.value);
  if (!seed) return;
  if (!('train_test_split' in (draft.datasets[0] ?? {}))) draft.lose(seed, 'No rows are held out.');
  else if (isSeed(asNumber(seed.value))) draft.carried('train_test_split.seed', seed);
  else draft.lose(seed, 'It is no whole number from 0.');
}

function isSeed(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Carries the share of the training rows that a tool evaluates on.
 * @param seed what the tool draws them by, where it says it
 */
export function carryHeldOut(draft: Draft, setting: Setting | undefined, seed: unknown): void {
  if (!setting) return;
  const size = asNumber(setting.value);
  const [dataset] = draft.datasets;
  if (size === 0) return draft.same(setting, 'No rows are held out without being asked for.');
  if (!dataset || !draft.has('data.train'))
    return draft.lose(setting, 'There are no rows to hold any out of.');
  if (draft.has('data.eval'))
    return draft.lose(setting, 'There are rows to evaluate on already, in a split of their own.');
  if (typeof size !== 'number' || !(size > 0 && (size < 1 || Number.isInteger(size))))
    return draft.lose(setting, 'It is neither a fraction below 1 nor a number of rows.');
  const { dataset: name, files, ...rest } = dataset;
  const chosen = asNumber(seed);
  const split = { test_size: size, ...(isSeed(chosen) && chosen !== 42 && { seed: chosen }) };
  draft.datasets[0] = { dataset: name, files, train_test_split: split, ...rest };
  draft.set('data.eval', `${String(name)}.validation`);
  draft.carried(
    'train_test_split.test_size',
    setting,
    'As many rows are held out; which ones is drawn here.',
  );
}

const ONE_SHAPE = 'One run reads rows of one shape; bring these rows into the shape of the first set.';

const PART = 'A part of a split has no name here: put its rows into a file of their own.';

/** Whether two sets can be read one after the other. */
function isAlike(one: ImportedData, other: ImportedData): boolean {
  const shape = ({ format, columns, config }: ImportedData) =>
    JSON.stringify([format, config, Object.entries(columns ?? {}).sort()]);
  return shape(one) === shape(other);
}

function isRole(role: string): boolean {
  return schemaAt(schemaOf('dataset'), ['columns', role]) !== undefined;
}

/** Every format that the language has. */
function formats(): readonly unknown[] {
  return schemaAt(schemaOf('dataset'), ['format'])?.enum ?? [];
}

/** A file, or a split of a data set of the hub, which is named where it is not the usual one. */
function splitPath(file: string, split: string, usual: string): string {
  return file.startsWith('hf:') && split !== usual ? `${file}#${split}` : file;
}

/** How a split is named: which one, and whether the tool takes a part of it only. */
export function splitOf(setting: Setting | undefined): Pick<ImportedData, 'split' | 'part'> {
  const name = textOf(setting);
  if (name === undefined) return {};
  return { split: name.replace(/\[.*$/, ''), ...(name.includes('[') ? { part: setting } : {}) };
}

/** How a path of the other tool's config is written in ours. */
export interface Paths {
  /** What to write for something on disk; `undefined` where nothing lies there. */
  onDisk(path: string): string | undefined;
}

/** A model or a data set that may be a folder or a name on the hub. */
export function folderOrHub(name: string, paths: Paths): string {
  const local = paths.onDisk(name);
  if (local !== undefined) return local;
  return isPath(name) ? name : `hf:${name}`;
}

/** Carries the model that a tool starts from; a revision of it counts on the hub alone. */
export function carryBase(
  draft: Draft,
  paths: Paths,
  { base, revision }: { base: Setting | undefined; revision: Setting | undefined },
): void {
  const name = textOf(base);
  if (base && name !== undefined) {
    const where = folderOrHub(name, paths);
    const commit = textOf(revision) ?? 'main';
    draft.carry(
      'model.base',
      base,
      where.startsWith('hf:') && commit !== 'main' ? `${where}@${commit}` : where,
    );
  } else if (base) draft.lose(base, COMPUTED);
  if (revision) draft.carried('model.base', revision);
}

/** Whether a name can only be a path: the hub's names have at most one slash, and none in front. */
export function isPath(name: string): boolean {
  return (
    /^([./~]|[A-Za-z]:[\\/])/.test(name) ||
    name.split('/').length > 2 ||
    /\.(jsonl?|csv|tsv|txt|parquet|arrow)$/.test(name)
  );
}

/** A name for a document made of any text. */
export function documentName(text: string, fallback: string): string {
  const name = text
    .replace(/\.[^./]*$/, '')
    .split(/[\\/]/)
    .filter((part) => part !== '')
    .at(-1)
    ?.replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name !== undefined && new RegExp(NAME_PATTERN).test(name) ? name : fallback;
}
