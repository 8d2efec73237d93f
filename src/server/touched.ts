import { dirname } from 'node:path';
import type { LanguageHost } from '../language/host.ts';

/** What a check has looked at, so that only changes there begin another one: a folder may hold a lot that is none of ours. */
export class Touched {
  readonly #paths = new Set<string>();

  /** The same host, with everything that is asked of it noted. */
  watch(host: LanguageHost): LanguageHost {
    const watched: LanguageHost = {
      ...host,
      readFile: (path) => {
        this.#paths.add(path);
        return host.readFile(path);
      },
      stat: (path) => {
        this.#paths.add(path);
        return host.stat(path);
      },
    };
    if (host.dataFacts) {
      watched.dataFacts = async (params, signal) => {
        for (const file of params.files) this.#paths.add(file);
        return host.dataFacts?.(params, signal);
      };
    }
    if (host.modelFacts) {
      watched.modelFacts = async (params, signal) => {
        this.#paths.add(params.folder);
        const facts = await host.modelFacts?.(params, signal);
        if (facts?.base_folder !== undefined) this.#paths.add(facts.base_folder);
        return facts;
      };
    }
    if (host.vocabularyFacts) {
      watched.vocabularyFacts = async (params, signal) => {
        this.#paths.add(params.folder);
        return host.vocabularyFacts?.(params, signal);
      };
    }
    if (host.sharedRows) {
      watched.sharedRows = async (params, signal) => {
        for (const file of [...params.train.files, ...params.eval.files]) this.#paths.add(file);
        return host.sharedRows?.(params, signal);
      };
    }
    if (host.tokenFacts) {
      watched.tokenFacts = async (params, signal) => {
        for (const file of params.files) this.#paths.add(file);
        return host.tokenFacts?.(params, signal);
      };
    }
    return watched;
  }

  /** Whether a file, or the folder that it lies in as a part of it, was looked at. */
  has(path: string): boolean {
    return this.#paths.has(path) || this.#paths.has(dirname(path));
  }

  clear(): void {
    this.#paths.clear();
  }
}
