import type {
  DataFacts,
  InspectDataParams,
  InspectSharedParams,
  InspectTokensParams,
  ModelFacts,
  SharedRows,
  TokenFacts,
} from '../../protocol/inspect.ts';
import type { LanguageHost } from '../host.ts';
import { cachedModelFolder } from '../hub-cache.ts';
import { parseHubModel } from '../hub-reference.ts';
import { expandPattern, isPattern } from '../glob.ts';
import { nearest } from '../nearest.ts';
import { basename, dirname } from '../path.ts';

/** What one check asks of the host, each question once. Every answer may be "not known". */
export class World {
  readonly #host: LanguageHost;
  readonly #signal: AbortSignal | undefined;
  readonly #answers = new Map<string, Promise<unknown>>();

  constructor(host: LanguageHost, signal?: AbortSignal) {
    this.#host = host;
    this.#signal = signal;
  }

  /** `missing` only where it is certain: some folder above is known, so the host would know the path as well. */
  async kindOf(path: string): Promise<'file' | 'folder' | 'unreadable' | 'missing' | 'unknown'> {
    const kind = await this.#stat(path);
    if (kind) return kind;
    return (await this.nearestFolder(path)) === undefined ? 'unknown' : 'missing';
  }

  /** The innermost folder above a path that exists. */
  async nearestFolder(path: string): Promise<string | undefined> {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      if ((await this.#stat(folder)) === 'folder') return folder;
      if (dirname(folder) === folder) return undefined;
    }
  }

  /** What a person may have meant by a path that does not exist: a neighbour with a similar name. */
  async similarPath(path: string, kind: 'file' | 'folder'): Promise<string | undefined> {
    const folder = dirname(path);
    const entries = await this.#ask(`list ${folder}`, () => this.#host.listDirectory(folder));
    const names = entries.filter((entry) => entry.kind === kind).map(({ name }) => name);
    return nearest(basename(path), names);
  }

  /** The files that fit a pattern. */
  filesOf(pattern: string): Promise<string[]> {
    return this.#ask(`files ${pattern}`, () =>
      expandPattern(pattern, (folder) => this.#host.listDirectory(folder)),
    );
  }

  /** Facts about data files; `undefined` where they are not known. */
  dataFacts(params: InspectDataParams): Promise<DataFacts | undefined> {
    return this.#ask(`data ${JSON.stringify(params)}`, async () =>
      this.#host.dataFacts?.(params, this.#signal),
    );
  }

  /** Facts about a model folder; `undefined` where they are not known. */
  modelFacts(folder: string): Promise<ModelFacts | undefined> {
    return this.#ask(`model ${folder}`, async () => this.#host.modelFacts?.({ folder }, this.#signal));
  }

  /** The folder of a model of the Hub in the cache of this machine; `undefined` where it is not known to lie there. */
  cachedModel(reference: string): Promise<string | undefined> {
    const named = parseHubModel(reference);
    if (!named) return Promise.resolve(undefined);
    return this.#ask(`cached ${reference}`, () => cachedModelFolder(this.#host, named));
  }

  /** Rows that two splits share; `undefined` where that is not known. */
  sharedRows(params: InspectSharedParams): Promise<SharedRows | undefined> {
    return this.#ask(`shared ${JSON.stringify(params)}`, async () =>
      this.#host.sharedRows?.(params, this.#signal),
    );
  }

  /** What becomes of training rows as tokens; `undefined` where that is not known. */
  tokenFacts(params: InspectTokensParams): Promise<TokenFacts | undefined> {
    return this.#ask(`tokens ${JSON.stringify(params)}`, async () =>
      this.#host.tokenFacts?.(params, this.#signal),
    );
  }

  /** Names of the runs on disk; `undefined` where they are not known. */
  runNames(configFile: string): Promise<readonly string[] | undefined> {
    return this.#ask(`runs ${configFile}`, async () => this.#host.runNames?.(configFile));
  }

  #stat(path: string): Promise<'file' | 'folder' | 'unreadable' | undefined> {
    return this.#ask(`stat ${path}`, () => this.#host.stat(path));
  }

  /** The files that a path stands for: those that fit it where it is a pattern; `undefined` where one is not certainly there. */
  async dataFiles(path: string): Promise<string[] | undefined> {
    if ((await this.kindOf(path)) === 'file') return [path];
    const found = isPattern(path) ? await this.filesOf(path) : [];
    return found.length > 0 ? found : undefined;
  }

  async #ask<Answer>(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    this.#signal?.throwIfAborted();
    const known = this.#answers.get(question);
    const promise = known ?? ask();
    this.#answers.set(question, promise);
    const answer = await promise;
    this.#signal?.throwIfAborted();
    // SAFETY: each question has one asker, so its answer is of the type that this asker gives.
    return answer as Answer;
  }
}
