import { readFileSync } from 'node:fs';
import { isPattern } from '../../language/glob.ts';
import { parseHubData, type HubDataReference } from '../../language/hub-reference.ts';
import { TunebookError } from '../../protocol/error.ts';
import { isDataFile } from '../data/read.ts';
import { list } from '../data/problem.ts';
import { CachedRepository } from './cache.ts';
import { dataConfigs, matchPaths, type DataConfig } from './data-configs.ts';
import { badReference, type Hub } from './hub.ts';
import type { Repository } from './repository.ts';

/** Which part of a data set is meant. */
export interface DataWanted {
  /** The split, as the config names it. */
  readonly split: string;
  /** The configuration (`config:`); the default one where it is absent. */
  readonly config: string | undefined;
}

/**
 * The files that `hf:owner/name[@revision][/path][#split]` stands for, each as `hf:owner/name@commit/path`.
 * @throws TunebookError `hub/…`; `hub/no-config`, `hub/no-split`, `hub/no-data` where the data set holds something else
 */
export async function pinData(reference: string, wanted: DataWanted, hub: Hub): Promise<string[]> {
  const named = parseHubData(reference);
  if (!named) throw badReference(reference);
  const repository: Repository = { type: 'dataset', name: named.repo };
  const { commit, files } = await hub.locate(repository, named.revision);
  const cached = new CachedRepository(repository, hub.settings.cache);
  // Nobody listed what a copy of older tools should hold: what is there is taken.
  const all = files?.map(({ path }) => path) ?? cached.listSnapshot(commit);
  const paths = all.filter((path) => isDataFile(path) && !/(^|\/)(\.|dataset_infos\.json$)/.test(path));
  const pinned = (path: string) => `hf:${named.repo}@${commit}/${path}`;
  if (named.path !== undefined) {
    const found = isPattern(named.path)
      ? matchPaths(named.path, paths)
      : all.filter((path) => path === named.path);
    if (found.length === 0) throw noFile(reference, named.path, paths);
    return found.map(pinned);
  }
  const readme = files?.find(({ path }) => path === 'README.md');
  if (readme) await hub.download([{ repository, commit, file: readme }]);
  const text = all.includes('README.md')
    ? readFileSync(cached.pathOf(commit, 'README.md'), 'utf8')
    : undefined;
  const configs = dataConfigs(text, paths, named.revision.startsWith('refs/convert/'));
  return splitOf(chooseConfig(configs, reference, wanted.config), named, wanted, reference).map(pinned);
}

function chooseConfig(
  configs: readonly DataConfig[],
  reference: string,
  config: string | undefined,
): DataConfig {
  const [only, second] = configs;
  const found =
    config === undefined
      ? (configs.find(({ isDefault }) => isDefault) ?? (second ? undefined : only))
      : configs.find(({ name }) => name === config);
  if (found) return found;
  const names = list(configs.map(({ name }) => name));
  throw new TunebookError(
    'hub/no-config',
    config === undefined
      ? `${reference} has several configurations: ${names}.`
      : `${reference} has no configuration "${config}".`,
    { hint: `Set config: to one of ${names || 'none: it has no data'}.` },
  );
}

function splitOf(
  { splits, name }: DataConfig,
  { split: own }: HubDataReference,
  { split }: DataWanted,
  reference: string,
): readonly string[] {
  const wanted = own ?? split;
  const found = splits.get(wanted) ?? [];
  if (found.length > 0) return found;
  if (splits.size === 0)
    throw new TunebookError('hub/no-data', `${reference} holds no data files that can be read.`, {
      hint: `Its conversion by the Hub may: hf:${reference.replace(/^hf:|[@#].*$/g, '')}@refs/convert/parquet.`,
    });
  const names = list([...splits.keys()]);
  throw new TunebookError('hub/no-split', `${reference} (configuration ${name}) has no split "${wanted}".`, {
    hint: `It has ${names}. Name one behind a #: ${reference.replace(/#.*$/, '')}#${[...splits.keys()][0] ?? ''}.`,
  });
}

function noFile(reference: string, path: string, paths: readonly string[]): TunebookError {
  return new TunebookError('hub/no-file', `${reference}: there is no data file ${path}.`, {
    hint: `There is ${list(paths) || 'none'}.`,
  });
}
