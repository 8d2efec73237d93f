import { parse } from 'yaml';
import { matcher } from '../../language/glob.ts';
import { isObject } from '../data/tokenizer/json.ts';

/** A configuration of a data set: its files by split, as paths in the repository. */
export interface DataConfig {
  readonly name: string;
  readonly isDefault: boolean;
  readonly splits: ReadonlyMap<string, readonly string[]>;
}

/** The words that say which split a file is of (data_files.py of `datasets` 4). */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['validation', 'valid', 'dev', 'val'],
  test: ['test', 'testing', 'eval', 'evaluation'],
};

/**
 * The configurations of a data set as `datasets.load_dataset` finds them: those that the head of README.md lists, or else what the
 * names of folders and files say.
 * @param readme the text of README.md
 * @param files every file that can be read, by its path
 * @param byFolder whether each folder at the top is a configuration, as on the branch `refs/convert/parquet`
 */
export function dataConfigs(
  readme: string | undefined,
  files: readonly string[],
  byFolder = false,
): DataConfig[] {
  const listed = readme === undefined || byFolder ? [] : listedConfigs(readme, files);
  if (listed.length > 0) return listed;
  if (!byFolder) return [{ name: 'default', isDefault: true, splits: splitsByName(files) }];
  const folders = [...new Set(files.map((path) => path.split('/')[0] ?? ''))];
  return folders.map((name) => ({
    name,
    isDefault: folders.length === 1,
    splits: splitsByName(files.filter((path) => path.startsWith(`${name}/`))),
  }));
}

/** `configs:` in the YAML at the head of a README; none where there is none, or it has another form. */
function listedConfigs(readme: string, files: readonly string[]): DataConfig[] {
  const head = /^---\r?\n(.*?)\r?\n---/s.exec(readme)?.[1];
  let fields: unknown;
  try {
    fields = head === undefined ? undefined : parse(head);
  } catch {
    return [];
  }
  const configs: unknown = isObject(fields) ? fields['configs'] : undefined;
  if (!Array.isArray(configs)) return [];
  return configs.flatMap((config: unknown) => {
    if (!isObject(config) || typeof config['config_name'] !== 'string') return [];
    const name = config['config_name'];
    const folder = typeof config['data_dir'] === 'string' ? config['data_dir'].replace(/\/*$/, '/') : '';
    const inside = files.filter((path) => path.startsWith(folder));
    const splits = splitsOf(config['data_files'], folder, inside) ?? splitsByName(inside);
    return [{ name, isDefault: config['default'] === true || name === 'default', splits }];
  });
}

/** `data_files:`: a pattern or a list of them for `train`, or a list of `{ split, path }`. */
function splitsOf(
  dataFiles: unknown,
  folder: string,
  files: readonly string[],
): Map<string, string[]> | undefined {
  const all: unknown[] = Array.isArray(dataFiles) ? dataFiles : dataFiles === undefined ? [] : [dataFiles];
  if (all.length === 0) return undefined;
  const splits = new Map<string, string[]>();
  for (const each of all) {
    const split = isObject(each) && typeof each['split'] === 'string' ? each['split'] : 'train';
    const path = isObject(each) ? each['path'] : each;
    const patterns: unknown[] = Array.isArray(path) ? path : [path];
    const found = patterns.flatMap((pattern) =>
      typeof pattern === 'string' ? matchPaths(`${folder}${pattern}`, files) : [],
    );
    splits.set(split, [...(splits.get(split) ?? []), ...found]);
  }
  return splits;
}

/** Splits by the words in the names; without any such word everything is for training. */
function splitsByName(files: readonly string[]): Map<string, string[]> {
  const splits = new Map<string, string[]>();
  const sharded = files.filter((path) => /(^|\/)[\w.-]+-\d{5}-of-\d{5}[^/]*$/.test(path));
  for (const path of sharded) {
    const split = /([^/]+)-\d{5}-of-\d{5}[^/]*$/.exec(path)?.[1] ?? 'train';
    splits.set(split, [...(splits.get(split) ?? []), path]);
  }
  if (splits.size > 0) return splits;
  for (const [split, words] of Object.entries(KEYWORDS)) {
    const pattern = new RegExp(`(^|[-._ 0-9/])(${words.join('|')})($|[-._ 0-9/])`, 'i');
    const found = files.filter((path) => pattern.test(path));
    if (found.length > 0) splits.set(split, found);
  }
  return splits.size > 0 || files.length === 0 ? splits : new Map([['train', [...files]]]);
}

/** The paths that fit a pattern, sorted; `*` and `?` stay within a name, `**` stands for any folders. */
export function matchPaths(pattern: string, files: readonly string[]): string[] {
  const parts = pattern.split('/');
  return files.filter((path) => fits(parts, path.split('/'))).sort();
}

function fits([part, ...rest]: readonly string[], names: readonly string[]): boolean {
  if (part === undefined) return names.length === 0;
  if (part === '**') return names.some((_, i) => fits(rest, names.slice(i)));
  const [name, ...others] = names;
  return name !== undefined && matcher(part)(name) && fits(rest, others);
}
