import type {
  DataFacts,
  DeviceFacts,
  FitFacts,
  InspectDataParams,
  InspectFitParams,
  InspectSharedParams,
  InspectTokensParams,
  InspectVocabularyParams,
  ModelFacts,
  SharedRows,
  TokenFacts,
  VocabularyFacts,
} from '../../protocol/inspect.ts';
import type { LanguageHost } from '../host.ts';
import { cachedModelFolder } from '../hub-cache.ts';
import { parseHubModel } from '../hub-reference.ts';
import { expandPattern, isPattern } from '../glob.ts';
import { nearest } from '../nearest.ts';
import { basename, dirname } from '../path.ts';

/** A question that was asked of a world: how it is asked again. */
export interface WorldQuestion {
  ask: (world: World) => Promise<unknown>;
  answer: unknown;
}

/** What one check asks of the host, each question once. Every answer may be "not known". */
export class World {
  readonly #host: LanguageHost;
  readonly #signal: AbortSignal | undefined;
  readonly #answers: Map<string, Promise<unknown>>;
  readonly #asked: Map<string, WorldQuestion> | undefined;

  /** @param view whose answers are shared, and where its own questions are noted */
  constructor(
    host: LanguageHost,
    signal?: AbortSignal,
    view?: { of: World; asked: Map<string, WorldQuestion> },
  ) {
    this.#host = host;
    this.#signal = signal;
    this.#answers = view ? view.of.#answers : new Map<string, Promise<unknown>>();
    this.#asked = view?.asked;
  }

  /** The same world, which adds to `asked` each question that is put to it. */
  traced(asked: Map<string, WorldQuestion>): World {
    return new World(this.#host, this.#signal, { of: this, asked });
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
    const entries = await this.#ask(`list ${folder}`, (host) => host.listDirectory(folder));
    const names = entries.filter((entry) => entry.kind === kind).map(({ name }) => name);
    return nearest(basename(path), names);
  }

  /** The files that fit a pattern. */
  filesOf(pattern: string): Promise<string[]> {
    return this.#ask(`files ${pattern}`, (host) =>
      expandPattern(pattern, (folder) => host.listDirectory(folder)),
    );
  }

  /** Facts about data files; `undefined` where they are not known. */
  dataFacts(params: InspectDataParams): Promise<DataFacts | undefined> {
    return this.#ask(`data ${JSON.stringify(params)}`, async (host, signal) =>
      host.dataFacts?.(params, signal),
    );
  }

  /** Facts about a model folder; `undefined` where they are not known. */
  modelFacts(folder: string): Promise<ModelFacts | undefined> {
    return this.#ask(`model ${folder}`, async (host, signal) => host.modelFacts?.({ folder }, signal));
  }

  /** Whether a run fits its base model; `undefined` where that is not known. */
  fitFacts(params: InspectFitParams): Promise<FitFacts | undefined> {
    return this.#ask(`fit ${JSON.stringify(params)}`, async (host, signal) =>
      host.fitFacts?.(params, signal),
    );
  }

  /** Whether a tokenizer fits an embedding; `undefined` where that is not known. */
  vocabularyFacts(params: InspectVocabularyParams): Promise<VocabularyFacts | undefined> {
    return this.#ask(`vocabulary ${JSON.stringify(params)}`, async (host, signal) =>
      host.vocabularyFacts?.(params, signal),
    );
  }

  /** The folder of a model of the Hub in the cache of this machine; `undefined` where it is not known to lie there. */
  cachedModel(reference: string): Promise<string | undefined> {
    const named = parseHubModel(reference);
    if (!named) return Promise.resolve(undefined);
    return this.#ask(`cached ${reference}`, (host) => cachedModelFolder(host, named));
  }

  /** Rows that two splits share; `undefined` where that is not known. */
  sharedRows(params: InspectSharedParams): Promise<SharedRows | undefined> {
    return this.#ask(`shared ${JSON.stringify(params)}`, async (host, signal) =>
      host.sharedRows?.(params, signal),
    );
  }

  /** Whether somebody can tell what becomes of rows as tokens: finding out what to ask takes long. */
  get knowsTokens(): boolean {
    return this.#host.tokenFacts !== undefined;
  }

  /** What becomes of training rows as tokens; `undefined` where that is not known. */
  tokenFacts(params: InspectTokensParams): Promise<TokenFacts | undefined> {
    return this.#ask(`tokens ${JSON.stringify(params)}`, async (host, signal) =>
      host.tokenFacts?.(params, signal),
    );
  }

  /** Whether a device can be used on this machine; `undefined` where that is not known. */
  deviceFacts(device: string): Promise<DeviceFacts | undefined> {
    return this.#ask(`device ${device}`, async (host, signal) => host.deviceFacts?.({ device }, signal));
  }

  /** Names of the runs on disk; `undefined` where they are not known. */
  runNames(configFile: string): Promise<readonly string[] | undefined> {
    return this.#ask(`runs ${configFile}`, async (host) => host.runNames?.(configFile));
  }

  #stat(path: string): Promise<'file' | 'folder' | 'unreadable' | undefined> {
    return this.#ask(`stat ${path}`, (host) => host.stat(path));
  }

  /** The files that a path stands for: those that fit it where it is a pattern; `undefined` where one is not certainly there. */
  async dataFiles(path: string): Promise<string[] | undefined> {
    if ((await this.kindOf(path)) === 'file') return [path];
    const found = isPattern(path) ? await this.filesOf(path) : [];
    return found.length > 0 ? found : undefined;
  }

  async #ask<Answer>(
    question: string,
    ask: (host: LanguageHost, signal: AbortSignal | undefined) => Promise<Answer>,
  ): Promise<Answer> {
    this.#signal?.throwIfAborted();
    const known = this.#answers.get(question);
    const promise = known ?? ask(this.#host, this.#signal);
    this.#answers.set(question, promise);
    const answer = await promise;
    this.#signal?.throwIfAborted();
    this.#asked?.set(question, { ask: (world) => world.#ask(question, ask), answer });
    // SAFETY: each question has one asker, so its answer is of the type that this asker gives.
    return answer as Answer;
  }
}
