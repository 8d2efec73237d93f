import { join } from 'node:path';
import {
  INSPECT,
  type DataFacts,
  type DeviceFacts,
  type FitFacts,
  type InspectDataParams,
  type InspectDeviceParams,
  type InspectFitParams,
  type InspectModelParams,
  type InspectPromptParams,
  type InspectSharedParams,
  type InspectSizeParams,
  type InspectTokensParams,
  type InspectVocabularyParams,
  type ModelFacts,
  type PromptFacts,
  type SharedRows,
  type SizeFacts,
  type TokenFacts,
  type VocabularyFacts,
} from '../../protocol/inspect.ts';
import { TOKENIZER_SOURCES } from '../../protocol/tokenizer-sources.ts';
import { FactsCache } from './facts-cache.ts';
import { TrainerChild, TrainerEnded } from '../../runs/trainer-child.ts';

/** Facts about data files and models, asked of the trainer and kept while the files stay as they are. */
export class Facts {
  readonly data: FactsCache<InspectDataParams, DataFacts>;
  readonly model: FactsCache<InspectModelParams, ModelFacts>;
  readonly size: FactsCache<InspectSizeParams, SizeFacts>;
  readonly fit: FactsCache<InspectFitParams, FitFacts>;
  readonly vocabulary: FactsCache<InspectVocabularyParams, VocabularyFacts>;
  readonly shared: FactsCache<InspectSharedParams, SharedRows>;
  readonly tokens: FactsCache<InspectTokensParams, TokenFacts>;
  readonly device: FactsCache<InspectDeviceParams, DeviceFacts>;
  readonly #process: TrainerChild;
  readonly #log: (message: string) => void;

  /**
   * @param trainer the path of `tunebook.js`; it is started with the first question
   * @param log is told why something could not be found out
   */
  constructor(trainer: string, log: (message: string) => void) {
    this.#log = log;
    this.#process = new TrainerChild({ trainer, args: ['inspect', '--stdio'], log });
    this.data = new FactsCache(
      (params, signal) => this.#ask<DataFacts>(INSPECT.data, params, signal),
      ({ files }, stamps) => stamps.files(files),
    );
    this.model = new FactsCache(
      (params, signal) => this.#ask<ModelFacts>(INSPECT.model, params, signal),
      ({ folder }, stamps) => stamps.model(folder),
    );
    this.size = new FactsCache(
      (params, signal) => this.#ask<SizeFacts>(INSPECT.size, params, signal),
      ({ folder }, stamps) => stamps.model(folder),
    );
    this.fit = new FactsCache(
      (params, signal) => this.#ask<FitFacts>(INSPECT.fit, params, signal),
      ({ folder }, stamps) => stamps.model(folder),
    );
    this.vocabulary = new FactsCache(
      (params, signal) => this.#ask<VocabularyFacts>(INSPECT.vocabulary, params, signal),
      ({ folder }, stamps) => stamps.files(TOKENIZER_SOURCES.map((name) => join(folder, name))),
    );
    this.shared = new FactsCache(
      (params, signal) => this.#ask<SharedRows>(INSPECT.shared, params, signal),
      ({ train, eval: held }, stamps) => stamps.files([...train.files, ...held.files]),
    );
    this.tokens = new FactsCache(
      (params, signal) => this.#ask<TokenFacts>(INSPECT.tokens, params, signal),
      ({ files }, stamps) => stamps.files(files),
    );
    this.device = new FactsCache(
      (params, signal) => this.#ask<DeviceFacts>(INSPECT.device, params, signal),
      async () => '',
    );
  }

  /** What a model is asked by a prompt; not kept. Rejects with the signal's reason when aborted. */
  async prompt(params: InspectPromptParams, signal: AbortSignal): Promise<PromptFacts | undefined> {
    return await this.#ask<PromptFacts>(INSPECT.prompt, params, signal);
  }

  /** Ends the trainer. */
  async dispose(): Promise<void> {
    await this.#process.dispose();
  }

  /** Asks once more when the trainer dies over it: another question may have killed it. */
  async #ask<Result>(method: string, params: unknown, signal: AbortSignal): Promise<Result | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#process.request<Result | null>(method, params, signal)) ?? undefined;
      } catch (error) {
        if (signal.aborted) throw error;
        if (error instanceof TrainerEnded && attempt === 1) continue;
        this.#log(`${method} has no answer: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
    }
  }
}
