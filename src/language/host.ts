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

/** What a folder holds. */
export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder';
}

/**
 * All that the language ever asks of the world. The command line answers from the disk and the trainer; the server
 * answers from open editors first, and asks a trainer process for facts. Paths are absolute.
 */
export interface LanguageHost {
  /**
   * A file's text, or its bytes where the encoding has not been checked; `undefined` where there is no such file.
   * Throws an `Error` whose message a person can read when the file is there and cannot be read.
   */
  readFile(path: string): Promise<string | Uint8Array | undefined>;
  /** What lies at a path; `unreadable` where a folder above keeps it to itself, `undefined` for nothing, and for what cannot be known. */
  stat(path: string): Promise<'file' | 'folder' | 'unreadable' | undefined>;
  /** What a folder holds; empty where there is no such folder. */
  listDirectory(path: string): Promise<FolderEntry[]>;
  /** Facts about data files; `undefined` while they are not known. Without it no data is checked. */
  dataFacts?(params: InspectDataParams, signal?: AbortSignal): Promise<DataFacts | undefined>;
  /** Facts about a model folder; `undefined` while they are not known. Without it no model is checked. */
  modelFacts?(params: InspectModelParams, signal?: AbortSignal): Promise<ModelFacts | undefined>;
  /** Whether a run fits its base model; `undefined` while that is not known, and where the model cannot be read. */
  fitFacts?(params: InspectFitParams, signal?: AbortSignal): Promise<FitFacts | undefined>;
  /** Whether a tokenizer fits an embedding; `undefined` while that is not known. */
  vocabularyFacts?(
    params: InspectVocabularyParams,
    signal?: AbortSignal,
  ): Promise<VocabularyFacts | undefined>;
  /** Rows that two splits share; `undefined` while that is not known. */
  sharedRows?(params: InspectSharedParams, signal?: AbortSignal): Promise<SharedRows | undefined>;
  /** What becomes of the training rows of a run as tokens; `undefined` while that is not known. */
  tokenFacts?(params: InspectTokensParams, signal?: AbortSignal): Promise<TokenFacts | undefined>;
  /** The folder of the Hugging Face cache, where the host knows it: models of the Hub that lie there are known. */
  readonly hubCache?: string;
  /** How large a run is; `undefined` while it is not known, and where the model cannot be read. */
  sizeFacts?(params: InspectSizeParams, signal?: AbortSignal): Promise<SizeFacts | undefined>;
  /** Whether a device can be used on this machine; `undefined` while that is not known. */
  deviceFacts?(params: InspectDeviceParams, signal?: AbortSignal): Promise<DeviceFacts | undefined>;
  /** Values for `${env.NAME}`. Without it they are not known. */
  environment?(): Readonly<Record<string, string | undefined>>;
  /** The folder that `${workspace}` stands for in a config file. Without it that is not known. */
  workspaceOf?(configFile: string): string | undefined;
  /** Names of the runs on disk that a config may refer to as `run:NAME`. Without it they are not checked. */
  runNames?(configFile: string): Promise<readonly string[]>;
}
