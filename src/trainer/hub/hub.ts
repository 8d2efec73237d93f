import { readFileSync } from 'node:fs';
import { parseHubModel } from '../../language/hub-reference.ts';
import { TunebookError } from '../../protocol/error.ts';
import { parseModelConfig } from '../models/config.ts';
import { isObject } from '../data/tokenizer/json.ts';
import { CachedRepository } from './cache.ts';
import { HubClient } from './client.ts';
import { checkRoom, downloadFile, type Download } from './download.ts';
import { offlineError } from './explain-failure.ts';
import { locate, type HubNotice, type Located } from './locate.ts';
import { configFiles, modelFiles } from './model-files.ts';
import { nameOf, type Repository } from './repository.ts';
import { hubSettings, type HubSettings } from './settings.ts';

export interface HubOptions {
  readonly signal: AbortSignal;
  readonly onNotice: (notice: HubNotice) => void;
  readonly settings?: HubSettings;
}

/** The Hub as commands use it: which commit is meant, and what of it is to be brought here. */
export class Hub {
  readonly settings: HubSettings;
  readonly #client: HubClient;
  readonly #options: HubOptions;
  readonly #located = new Map<string, Promise<Located>>();

  constructor(options: HubOptions) {
    this.#options = options;
    this.settings = options.settings ?? hubSettings();
    this.#client = new HubClient(this.settings);
  }

  /** The commit and the files of a revision; each is asked for once. */
  locate(repository: Repository, revision: string): Promise<Located> {
    const key = `${repository.type} ${repository.name} ${revision}`;
    const known = this.#located.get(key);
    if (known) return known;
    const { signal, onNotice } = this.#options;
    const context = { client: this.#client, settings: this.settings, signal, onNotice };
    const found = locate(repository, revision, context);
    this.#located.set(key, found);
    return found;
  }

  /**
   * `hf:owner/name@commit` for a model that a config names. Its config.json is fetched, so that what cannot be trained
   * or may not be read is told before anything large is.
   * @throws TunebookError `hub/…`, `model/unknown-architecture`, `model/bad-config`
   */
  async pinModel(reference: string): Promise<string> {
    const { repository, located } = await this.#locateModel(reference);
    const { commit, files } = located;
    if (files) {
      modelFiles(repository, files);
      await this.download(configFiles(files).map((file) => ({ repository, commit, file })));
      checkArchitecture(new CachedRepository(repository, this.settings.cache).pathOf(commit, 'config.json'));
    }
    return `hf:${repository.name}@${commit}`;
  }

  /** `hf:owner/name@commit` for a repository that a tokenizer is taken from. */
  async pinTokenizer(reference: string): Promise<string> {
    const { repository, located } = await this.#locateModel(reference);
    return `hf:${repository.name}@${located.commit}`;
  }

  /**
   * Brings files into the cache, one after the other. Those that are there already cost nothing.
   * @param onProgress bytes that are there, and bytes of all of them
   * @throws TunebookError as {@link downloadFile}, and `hub/offline`
   */
  async download(
    downloads: readonly Download[],
    { onProgress }: { onProgress?: (done: number, total: number) => void } = {},
  ): Promise<void> {
    const { signal } = this.#options;
    const missing = missingOf(downloads, this.settings.cache);
    const [first] = missing;
    if (!first) return;
    const { repository, commit } = first;
    if (this.settings.offline) throw offlineError({ repository, revision: commit, settings: this.settings });
    const total = missing.reduce((sum, { file }) => sum + file.size, 0);
    checkRoom(total, this.settings.cache);
    let before = 0;
    for (const download of missing) {
      const cached = new CachedRepository(download.repository, this.settings.cache);
      const onBytes = (bytes: number) => onProgress?.(before + bytes, total);
      await downloadFile(download, {
        client: this.#client,
        settings: this.settings,
        cached,
        signal,
        onBytes,
      });
      before += download.file.size;
    }
  }

  async #locateModel(reference: string): Promise<{ repository: Repository; located: Located }> {
    const named = parseHubModel(reference);
    if (!named) throw badReference(reference);
    const repository: Repository = { type: 'model', name: named.repo };
    return { repository, located: await this.locate(repository, named.revision) };
  }
}

/** The files among these that are not in the cache. */
export function missingOf(downloads: readonly Download[], cache?: string): Download[] {
  return downloads.filter(
    ({ repository, commit, file }) => !new CachedRepository(repository, cache).has(commit, file),
  );
}

/** The error of a reference that has another form than it should. */
export function badReference(reference: string): TunebookError {
  return new TunebookError('hub/bad-name', `${reference} is no name of the Hub.`, {
    hint: 'Write hf:owner/name, with @revision behind it where another one than main is meant.',
  });
}

/** Says "of repository" in messages about files of it. */
export function describeDownload({ repository, file }: Download): string {
  return `${file.path} of ${nameOf(repository)}`;
}

function checkArchitecture(configFile: string): void {
  let fields: unknown;
  try {
    fields = JSON.parse(readFileSync(configFile, 'utf8'));
  } catch {
    // An adapter may have none; what is no JSON is told of when the folder is read.
    return;
  }
  if (isObject(fields)) parseModelConfig(fields, configFile);
}
