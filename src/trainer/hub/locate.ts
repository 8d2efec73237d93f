import { CachedRepository } from './cache.ts';
import type { HubClient } from './client.ts';
import { explainFailure, offlineError, type Asked } from './explain-failure.ts';
import { HubFailure } from './failure.ts';
import { isCommit, nameOf, type HubFile, type Repository } from './repository.ts';
import type { HubSettings } from './settings.ts';

/** Something a person should know that did not keep the work from going on. */
export interface HubNotice {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export interface LocateContext {
  readonly client: HubClient;
  readonly settings: HubSettings;
  readonly signal: AbortSignal;
  readonly onNotice: (notice: HubNotice) => void;
}

/** A revision of a repository: its commit and, where anybody can know, its files. */
export interface Located {
  readonly repository: Repository;
  readonly commit: string;
  readonly files: readonly HubFile[] | undefined;
}

/**
 * Asks the Hub which commit a revision is at and what it holds. Without a network, or with `HF_HUB_OFFLINE`, what the cache
 * knows is taken, and in the first case a notice says so.
 * @throws TunebookError `hub/…`; the signal's reason when aborted
 */
export async function locate(
  repository: Repository,
  revision: string,
  context: LocateContext,
): Promise<Located> {
  const { client, settings, signal, onNotice } = context;
  const cached = new CachedRepository(repository, settings.cache);
  const asked: Asked = { repository, revision, settings };
  if (settings.offline) return fromCache(cached, asked) ?? fail(offlineError(asked));
  try {
    const known = isCommit(revision) ? cached.readTree(revision) : undefined;
    if (known) return { repository, commit: revision, files: known };
    const { commit, name } = isCommit(revision)
      ? { commit: revision, name: repository.name }
      : await client.resolve(repository, revision, signal);
    if (name !== repository.name) onNotice(renamed(repository, name));
    const files = cached.readTree(commit) ?? (await client.list(repository, commit, signal));
    cached.writeTree(commit, files);
    cached.writeRef(revision, commit);
    return { repository, commit, files };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HubFailure)) throw error;
    const found = error.hubCode === 'RevisionNotFound' ? undefined : fromCache(cached, asked);
    if (!found) throw explainFailure(error, asked);
    onNotice({
      code: 'hub/from-cache',
      message: `${settings.endpoint} could not be asked for ${nameOf(repository)} (${error.message}): the copy in the cache is used, commit ${found.commit.slice(0, 12)}.`,
    });
    return found;
  }
}

function fromCache(cached: CachedRepository, { repository, revision }: Asked): Located | undefined {
  const commit = cached.commitOf(revision);
  if (commit === undefined || cached.listSnapshot(commit).length === 0) return undefined;
  return { repository, commit, files: cached.readTree(commit) };
}

function renamed(repository: Repository, name: string): HubNotice {
  return {
    code: 'hub/renamed',
    message: `${nameOf(repository)} is called hf:${name} now.`,
    hint: `Write hf:${name} in the config: the old name may be given to somebody else.`,
  };
}

function fail(error: Error): never {
  throw error;
}
