import type {
  DataFacts,
  DeviceFacts,
  FitFacts,
  InspectDataParams,
  InspectDeviceParams,
  InspectFitParams,
  InspectModelParams,
  InspectVocabularyParams,
  ModelFacts,
  SharedRows,
  TokenFacts,
  VocabularyFacts,
} from '../../protocol/inspect.ts';
import type { FolderEntry, LanguageHost } from '../host.ts';
import { basename, dirname } from '../path.ts';

/** What a memory host holds. Paths are absolute. */
export interface MemoryWorld {
  files: Record<string, string | Uint8Array>;
  /** Facts of each data file, as a trainer would find them. A file without an entry is not known. */
  data?: Record<string, Partial<DataFacts>>;
  /** Facts of each model folder. */
  models?: Record<string, Partial<ModelFacts>>;
  /** Whether any run fits the model of a folder, as a trainer would say it. */
  fits?: Record<string, Partial<FitFacts>>;
  /** Whether the tokenizer of a folder fits an embedding. */
  vocabularies?: Record<string, VocabularyFacts>;
  /** Folders that may not be looked into. */
  unreadable?: string[];
  /** Rows that any two splits share. */
  shared?: SharedRows;
  /** What becomes of the training rows of any run. */
  tokens?: TokenFacts;
  /** Facts of each device. */
  devices?: Record<string, Partial<DeviceFacts>>;
  /** Names of the runs on disk. */
  runs?: string[];
  /** The folder of the Hugging Face cache. */
  hubCache?: string;
  /** Values for `${env.NAME}`; without it they are not known. */
  environment?: Record<string, string>;
  /** What `${workspace}` stands for. */
  workspace?: string;
}

/** A language host whose files are a map, for tests. It answers facts only where the world has some. */
export class MemoryHost implements LanguageHost {
  readonly world: MemoryWorld;
  /** What was asked of it, in order. */
  readonly asked: (InspectDataParams | InspectModelParams | InspectFitParams | InspectVocabularyParams)[] =
    [];

  constructor(world: MemoryWorld) {
    this.world = world;
    const { environment } = world;
    if (environment) this.environment = () => environment;
  }

  get hubCache(): string | undefined {
    return this.world.hubCache;
  }

  async readFile(path: string): Promise<string | Uint8Array | undefined> {
    return this.world.files[path];
  }

  async stat(path: string): Promise<'file' | 'folder' | 'unreadable' | undefined> {
    if (this.world.unreadable?.some((folder) => path.startsWith(`${folder}/`))) return 'unreadable';
    if (path in this.world.files || path in (this.world.data ?? {})) return 'file';
    if (path in (this.world.models ?? {})) return 'folder';
    const inside = path.endsWith('/') ? path : `${path}/`;
    return this.#paths().some((each) => each.startsWith(inside)) ? 'folder' : undefined;
  }

  async listDirectory(path: string): Promise<FolderEntry[]> {
    const entries = new Map<string, FolderEntry>();
    for (const file of this.#paths()) {
      for (let at = file; dirname(at) !== at; at = dirname(at)) {
        const kind = at === file ? 'file' : 'folder';
        if (dirname(at) === path) entries.set(at, { name: basename(at), kind });
      }
    }
    return [...entries.values()];
  }

  async deviceFacts({ device }: InspectDeviceParams): Promise<DeviceFacts | undefined> {
    const facts = this.world.devices?.[device];
    return facts && { device, ...facts };
  }

  /** The facts of several files are the sum of theirs. */
  async dataFacts(params: InspectDataParams, signal?: AbortSignal): Promise<DataFacts | undefined> {
    signal?.throwIfAborted();
    this.asked.push(params);
    const all = params.files.map((file) => this.world.data?.[file]);
    if (!this.world.data || all.some((each) => each === undefined)) return undefined;
    const sum: DataFacts = { rows: 0, columns: [], examples: [], problems: [] };
    for (const facts of all) {
      sum.rows += facts?.rows ?? 0;
      sum.columns = [...new Set([...sum.columns, ...(facts?.columns ?? [])])];
      sum.examples.push(...(facts?.examples ?? []));
      sum.problems.push(...(facts?.problems ?? []));
      if (facts?.partial) sum.partial = facts.partial;
      for (const [label, count] of Object.entries(facts?.labels ?? {})) {
        sum.labels = { ...sum.labels, [label]: (sum.labels?.[label] ?? 0) + count };
      }
    }
    return sum;
  }

  async modelFacts(params: InspectModelParams, signal?: AbortSignal): Promise<ModelFacts | undefined> {
    signal?.throwIfAborted();
    this.asked.push(params);
    const facts = this.world.models?.[params.folder];
    return facts && { ...BERT, ...facts };
  }

  async fitFacts(params: InspectFitParams): Promise<FitFacts | undefined> {
    this.asked.push(params);
    const facts = this.world.fits?.[params.folder];
    return facts && { unknown_modules: [], modules: [], ...facts };
  }

  async vocabularyFacts(params: InspectVocabularyParams): Promise<VocabularyFacts | undefined> {
    this.asked.push(params);
    return this.world.vocabularies?.[params.folder];
  }

  environment?: () => Readonly<Record<string, string | undefined>>;

  workspaceOf(): string | undefined {
    return this.world.workspace;
  }

  async sharedRows(): Promise<SharedRows | undefined> {
    return this.world.shared;
  }

  async tokenFacts(): Promise<TokenFacts | undefined> {
    return this.world.tokens;
  }

  async runNames(): Promise<readonly string[]> {
    return this.world.runs ?? [];
  }

  #paths(): string[] {
    return [...Object.keys(this.world.files), ...Object.keys(this.world.data ?? {})];
  }
}

const BERT: ModelFacts = {
  model_type: 'bert',
  parameters: 1_000_000,
  hidden_size: 128,
  max_position_embeddings: 512,
  vocab_size: 1000,
  modules: ['query', 'key', 'value', 'dense', 'classifier'],
  problems: [],
};
