import { isHubReference, parseHubData, parseHubModel } from '../../language/hub-reference.ts';
import type { DataReference, ResolvedEvaluate, ResolvedRun } from '../../language/resolved.ts';
import { CachedRepository } from './cache.ts';
import type { Download } from './download.ts';
import { missingOf } from './hub.ts';
import { modelFiles, tokenizerFiles } from './model-files.ts';
import { isCommit, type HubFile, type Repository } from './repository.ts';

/** A resolved document whose `hf:` names are pinned to commits. */
export type Pinned = ResolvedRun | ResolvedEvaluate;

/** What a document needs from the Hub that is not in the cache yet. */
export function missingSources(config: Pinned): Download[] {
  const needed =
    'candidates' in config
      ? [
          ...ofData(config.data),
          ...Object.values(config.candidates).flatMap((each) => [
            ...('model' in each ? ofModel(each.model) : []),
            ...ofData(each.prompt?.examples?.data),
          ]),
          ...(config.judge && 'model' in config.judge ? ofModel(config.judge.model) : []),
        ]
      : [
          ...ofData(config.data.train),
          ...ofData(config.data.eval),
          ...ofModel(config.model.base),
          ...ofTokenizer(config.model.tokenizer),
        ];
  return missingOf(needed);
}

function ofData(reference: DataReference | undefined): Download[] {
  const files = reference?.dataset.files[reference.split] ?? [];
  return files.flatMap((file) => {
    const named = isHubReference(file) ? parseHubData(file) : undefined;
    if (named?.path === undefined || !isCommit(named.revision)) return [];
    const repository: Repository = { type: 'dataset', name: named.repo };
    const tree = new CachedRepository(repository).readTree(named.revision);
    const found = tree?.find(({ path }) => path === named.path);
    return found ? [{ repository, commit: named.revision, file: found }] : [];
  });
}

/** What of a model, named as `hf:owner/name@commit`, is not in the cache yet; nothing for any other reference. */
export function missingModel(reference: string): Download[] {
  return missingOf(ofModel(reference));
}

function ofModel(reference: string): Download[] {
  return downloads(reference, modelFiles);
}

function ofTokenizer(reference = ''): Download[] {
  return downloads(reference, (_, files) => tokenizerFiles(files));
}

function downloads(
  reference: string,
  choose: (repository: Repository, files: readonly HubFile[]) => HubFile[],
): Download[] {
  const named = parseHubModel(reference);
  if (!named || !isCommit(named.revision)) return [];
  const repository: Repository = { type: 'model', name: named.repo };
  const commit = named.revision;
  // Nobody listed what a copy of older tools should hold: the readers say what it lacks.
  const files = new CachedRepository(repository).readTree(commit);
  return files ? choose(repository, files).map((file) => ({ repository, commit, file })) : [];
}
