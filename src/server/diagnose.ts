import type { CheckDiagnostic } from '../protocol/check.ts';
import { check } from '../language/check.ts';
import { CheckMemory } from '../language/check-memory.ts';
import type { LanguageHost } from '../language/host.ts';
import { isConfigPath } from '../language/load.ts';
import { isNotebookPath } from '../language/notebook/notebook-path.ts';
import { Touched } from './touched.ts';
import type { OpenQuestion } from './facts/facts-cache.ts';
import { Stamps } from './facts/stamp.ts';
import type { Workspace } from './workspace.ts';

/** The longest that the keyboard must be still before a text is checked. */
const STILL_MS = 150;

/** The shortest: what is typed at once is checked at once. */
const AT_ONCE_MS = 5;

/** Checks may need facts that only an earlier answer makes them ask for; more rounds than this are a fault. */
const MAX_ROUNDS = 4;

/** The problems of a set of files, found at one moment. */
export interface Findings {
  paths: readonly string[];
  diagnostics: CheckDiagnostic[];
}

/**
 * Checks the open configs: at once with what is known, and again when the trainer has looked at data and models. An
 * edit ends the check that is under way.
 */
export class Diagnoser {
  readonly #workspace: Workspace;
  readonly #paths: () => string[];
  readonly #publish: (findings: Findings) => void;
  readonly #onError: (error: unknown) => void;
  readonly #touched = new Touched();
  readonly #memory = new CheckMemory();
  #timer: NodeJS.Timeout | undefined;
  /** How long the last check took, in milliseconds. */
  #took = 0;
  #controller = new AbortController();

  constructor(options: {
    workspace: Workspace;
    /** The configs that are open. */
    paths: () => string[];
    publish: (findings: Findings) => void;
    onError: (error: unknown) => void;
  }) {
    this.#workspace = options.workspace;
    this.#paths = options.paths;
    this.#publish = options.publish;
    this.#onError = options.onError;
  }

  /**
   * Ends the check that is under way, and begins another one when no further call comes for a moment: as long as a check
   * takes, so that typing is never slowed down by half.
   */
  schedule(milliseconds = Math.min(STILL_MS, Math.max(AT_ONCE_MS, this.#took))): void {
    this.#controller.abort();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), milliseconds);
  }

  /** Whether a file that changed on disk has a part in what is shown: a config, or something that the last check looked at. */
  concerns(path: string): boolean {
    return isConfigPath(path) || isNotebookPath(path) || this.#touched.has(path);
  }

  /** Ends whatever is under way. */
  dispose(): void {
    this.#controller.abort();
    clearTimeout(this.#timer);
  }

  /** The problems as far as they can be told without asking the trainer. */
  async findNow(signal: AbortSignal): Promise<Findings> {
    return (await this.#find(this.#paths(), signal)).findings;
  }

  async #run(): Promise<void> {
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    try {
      const paths = this.#paths();
      this.#touched.clear();
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const { findings, unknown } = await this.#find(paths, signal);
        signal.throwIfAborted();
        this.#publish(findings);
        if (unknown.length === 0) return;
        await Promise.all(unknown.map((ask) => ask(signal)));
      }
    } catch (error) {
      if (!signal.aborted) this.#onError(error);
    }
  }

  /** One check with the facts that are known, and the questions that it could not answer. */
  async #find(
    paths: string[],
    signal: AbortSignal,
  ): Promise<{ findings: Findings; unknown: OpenQuestion[] }> {
    const unknown: OpenQuestion[] = [];
    const { facts, parsed } = this.#workspace;
    const host: LanguageHost = { ...this.#workspace.host() };
    const stamps = new Stamps();
    if (facts) {
      host.dataFacts = (params) => facts.data.knownOrOpen(params, unknown, stamps);
      host.modelFacts = (params) => facts.model.knownOrOpen(params, unknown, stamps);
      host.fitFacts = (params) => facts.fit.knownOrOpen(params, unknown, stamps);
      host.vocabularyFacts = (params) => facts.vocabulary.knownOrOpen(params, unknown, stamps);
      host.sharedRows = (params) => facts.shared.knownOrOpen(params, unknown, stamps);
      host.tokenFacts = (params) => facts.tokens.knownOrOpen(params, unknown, stamps);
      host.deviceFacts = (params) => facts.device.knownOrOpen(params, unknown, stamps);
    }
    const began = performance.now();
    const diagnostics = await check(paths, this.#touched.watch(host), {
      cache: parsed,
      memory: this.#memory,
      signal,
    });
    this.#took = performance.now() - began;
    return { findings: { paths, diagnostics }, unknown };
  }
}
