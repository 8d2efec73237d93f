import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expandFiles } from './data/expand-files.ts';
import type { PromptUse } from '../language/prompt-use.ts';
import type { ResolvedPrompt, ResolvedRun } from '../language/resolved.ts';
import type {
  DataFacts,
  DeviceFacts,
  FitFacts,
  InspectDataParams,
  InspectDeviceParams,
  InspectFitParams,
  InspectModelParams,
  InspectPromptParams,
  InspectSharedParams,
  InspectSizeParams,
  InspectTokensParams,
  InspectVocabularyParams,
  ModelFacts,
  PromptFacts,
  SharedRows,
  SizeFacts,
  TokenFacts,
  VocabularyFacts,
} from '../protocol/inspect.ts';
import { TOKENIZER_SOURCES } from '../protocol/tokenizer-sources.ts';
import { adapterBase } from '../runs/adapter-base.ts';

/** Answers that are kept; the one that was not wanted for longest goes first. */
const CAPACITY = 200;

/**
 * Facts about data files and model folders, kept for as long as the files stay as they are (size and time). The code that gathers them is
 * loaded with the first question.
 */
export class FactsCache {
  readonly #answers = new Map<string, { stamp: string; answer: unknown }>();

  /** @throws the signal's reason when aborted */
  async data(params: InspectDataParams, signal?: AbortSignal): Promise<DataFacts> {
    const { files: named, columns, ...rest } = params;
    // A pattern that nothing fits is told as a file that is not there.
    const files = await expandFiles(named).catch(() => named);
    const key = JSON.stringify(['data', files, Object.entries(columns).sort(), rest]);
    return this.#ask(key, files, async () => {
      const { dataFacts } = await import('./data/facts.ts');
      return dataFacts({ ...params, files }, signal ? { signal } : {});
    });
  }

  /** @throws the signal's reason when aborted */
  async model({ folder }: InspectModelParams, signal?: AbortSignal): Promise<ModelFacts> {
    return this.#ask(JSON.stringify(['model', folder]), await filesOf(folder), async () => {
      const { modelFacts } = await import('./model-facts.ts');
      signal?.throwIfAborted();
      return modelFacts(folder);
    });
  }

  /**
   * How large a run is; `undefined` where its model cannot be read or does not fit its settings.
   * @throws the signal's reason when aborted
   */
  async size(params: InspectSizeParams, signal?: AbortSignal): Promise<SizeFacts | undefined> {
    return this.#ask(JSON.stringify(['size', params]), await filesOf(params.folder), async () => {
      const { sizeFacts } = await import('./size-facts.ts');
      signal?.throwIfAborted();
      return sizeFacts(params);
    });
  }

  /**
   * Whether a run fits its base model; `undefined` where that cannot be read.
   * @throws the signal's reason when aborted
   */
  async fit(params: InspectFitParams, signal?: AbortSignal): Promise<FitFacts | undefined> {
    return this.#ask(JSON.stringify(['fit', params]), await filesOf(params.folder), async () => {
      const { fitFacts } = await import('./fit-facts.ts');
      signal?.throwIfAborted();
      return fitFacts(params);
    });
  }

  /**
   * Whether a tokenizer fits an embedding; `undefined` where there is none.
   * @throws the signal's reason when aborted
   */
  async vocabulary(
    params: InspectVocabularyParams,
    signal?: AbortSignal,
  ): Promise<VocabularyFacts | undefined> {
    const files = TOKENIZER_SOURCES.map((name) => join(params.folder, name));
    return this.#ask(JSON.stringify(['vocabulary', params]), files, async () => {
      const { vocabularyFacts } = await import('./vocabulary-facts.ts');
      signal?.throwIfAborted();
      return vocabularyFacts(params);
    });
  }

  /** Tried once for as long as this process lives: drivers do not come and go. */
  async device({ device }: InspectDeviceParams): Promise<DeviceFacts> {
    return this.#ask(JSON.stringify(['device', device]), [], async () => {
      const { deviceFacts } = await import('./runtime/devices.ts');
      return deviceFacts(device);
    });
  }

  /** @throws the signal's reason when aborted */
  async shared(params: InspectSharedParams, signal?: AbortSignal): Promise<SharedRows | undefined> {
    const files = [...params.train.files, ...params.eval.files];
    return this.#ask(JSON.stringify(['shared', params]), files, async () => {
      const { sharedRows } = await import('./data/shared-rows.ts');
      return sharedRows(params, signal ? { signal } : {});
    });
  }

  /** @throws the signal's reason when aborted */
  async tokens(params: InspectTokensParams, signal?: AbortSignal): Promise<TokenFacts | undefined> {
    return this.#ask(JSON.stringify(['tokens', params]), params.files, async () => {
      const { tokenFacts } = await import('./token-facts.ts');
      // SAFETY: the language resolved it; protocol cannot name the type, as it imports nothing of ours.
      const run = params.run as unknown as ResolvedRun;
      return tokenFacts(run, { signal: signal ?? new AbortController().signal });
    });
  }

  /** Not kept: whoever asks has edited the prompt, or wants another row. Throws the signal's reason when aborted. */
  async prompt(
    { prompt, use, row, workspace }: InspectPromptParams,
    signal: AbortSignal,
  ): Promise<PromptFacts> {
    const { promptFacts } = await import('./prompt-facts.ts');
    // SAFETY: the language resolved both; protocol cannot name the types, as it imports nothing of ours.
    const resolved = { prompt, use } as unknown as { prompt: ResolvedPrompt; use: PromptUse };
    return promptFacts(resolved.prompt, resolved.use, { row, workspace, signal });
  }

  async #ask<Answer>(key: string, files: readonly string[], ask: () => Promise<Answer>): Promise<Answer> {
    const stamp = (await Promise.all(files.map(stampOf))).join();
    const known = this.#answers.get(key);
    this.#answers.delete(key);
    // SAFETY: a key begins with the kind of question, and each kind has one type of answer.
    const answer = known?.stamp === stamp ? (known.answer as Answer) : await ask();
    this.#answers.set(key, { stamp, answer });
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= CAPACITY) break;
      this.#answers.delete(oldest);
    }
    return answer;
  }
}

/** What is looked at in a model folder, and of an adapter in that of its base. */
async function filesOf(folder: string): Promise<string[]> {
  const base = await adapterBase(folder);
  const names = [
    '',
    'config.json',
    'adapter_config.json',
    'adapter_model.safetensors',
    'model.safetensors',
    'model.safetensors.index.json',
  ];
  const folders = base === undefined ? [folder] : [folder, base];
  const files = folders.map(async (each) => {
    const shards = await readdir(each).catch(() => []);
    const all = new Set([...names, ...shards.filter((name) => name.endsWith('.safetensors'))]);
    return [...all].map((name) => join(each, name));
  });
  return (await Promise.all(files)).flat();
}

async function stampOf(file: string): Promise<string> {
  return stat(file).then(
    ({ size, mtimeMs, ino }) => `${ino}:${size}:${mtimeMs}`,
    () => 'missing',
  );
}
