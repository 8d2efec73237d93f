import { readdir, stat } from 'node:fs/promises';
import type { FolderEntry, LanguageHost } from '../language/host.ts';
import type {
  DataFacts,
  DeviceFacts,
  FitFacts,
  InspectDataParams,
  InspectDeviceParams,
  InspectFitParams,
  InspectModelParams,
  InspectSharedParams,
  InspectSizeParams,
  InspectTokensParams,
  InspectVocabularyParams,
  ModelFacts,
  SharedRows,
  SizeFacts,
  TokenFacts,
  VocabularyFacts,
} from '../protocol/inspect.ts';
import { readConfigFile } from '../runs/config-file.ts';
import { systemCode } from '../runs/errors.ts';
import { readSettled } from './read-settled.ts';
import { hubCacheFolder } from '../runs/hub-cache.ts';
import { listRuns } from '../runs/list.ts';
import { findWorkspace } from '../runs/workspace.ts';
import { FactsCache } from './facts-cache.ts';

/** The world as the command line sees it: the disk. Facts about data and models are gathered in this process. */
export class DiskHost implements LanguageHost {
  /** What has been found out about data and models. */
  readonly facts: FactsCache;
  readonly hubCache = hubCacheFolder();
  readonly #workspace: string | undefined;

  /** @param workspace the folder that holds the runs; by default that of each config file
   *  @param facts what another host has found out already */
  constructor(workspace?: string, facts = new FactsCache()) {
    this.#workspace = workspace;
    this.facts = facts;
  }

  async readFile(path: string): Promise<Uint8Array | undefined> {
    return readConfigFile(path, readSettled);
  }

  async stat(path: string): Promise<'file' | 'folder' | 'unreadable' | undefined> {
    try {
      return (await stat(path)).isDirectory() ? 'folder' : 'file';
    } catch (error) {
      return ['EACCES', 'EPERM'].includes(systemCode(error) ?? '') ? 'unreadable' : undefined;
    }
  }

  async listDirectory(path: string): Promise<FolderEntry[]> {
    try {
      const entries = await readdir(path, { withFileTypes: true });
      return entries.map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? 'folder' : 'file' }));
    } catch {
      return [];
    }
  }

  dataFacts(params: InspectDataParams, signal?: AbortSignal): Promise<DataFacts> {
    return this.facts.data(params, signal);
  }

  sizeFacts(params: InspectSizeParams, signal?: AbortSignal): Promise<SizeFacts | undefined> {
    return this.facts.size(params, signal);
  }

  fitFacts(params: InspectFitParams, signal?: AbortSignal): Promise<FitFacts | undefined> {
    return this.facts.fit(params, signal);
  }

  vocabularyFacts(
    params: InspectVocabularyParams,
    signal?: AbortSignal,
  ): Promise<VocabularyFacts | undefined> {
    return this.facts.vocabulary(params, signal);
  }

  deviceFacts(params: InspectDeviceParams): Promise<DeviceFacts> {
    return this.facts.device(params);
  }

  environment(): Readonly<Record<string, string | undefined>> {
    return process.env;
  }

  workspaceOf(configFile: string): string {
    return this.#workspace ?? findWorkspace(configFile);
  }

  sharedRows(params: InspectSharedParams, signal?: AbortSignal): Promise<SharedRows | undefined> {
    return this.facts.shared(params, signal);
  }

  tokenFacts(params: InspectTokensParams, signal?: AbortSignal): Promise<TokenFacts | undefined> {
    return this.facts.tokens(params, signal);
  }

  modelFacts(params: InspectModelParams, signal?: AbortSignal): Promise<ModelFacts> {
    return this.facts.model(params, signal);
  }

  /** Only a finished run has an output that a config can refer to. */
  async runNames(configFile: string): Promise<readonly string[]> {
    const runs = listRuns(this.#workspace ?? findWorkspace(configFile));
    return [
      ...new Set(runs.filter((run) => run.kind === 'run' && run.state === 'finished').map((run) => run.name)),
    ];
  }
}
