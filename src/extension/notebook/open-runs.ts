import type * as vscode from 'vscode';

/** A run that a cell started and whose result is not in its notebook yet. */
export interface OpenRun {
  /** The notebook. */
  uri: string;
  kind: 'run' | 'evaluate';
  name: string;
  /** Hash of what the cell depended on when it was started. */
  inputs?: string | undefined;
  /** Milliseconds since the epoch. */
  start: number;
}

const KEY = 'tunebook.notebookRuns';

/** Runs that cells wait for, kept over a reload of the window. */
export class OpenRuns {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** The runs that cells of a notebook wait for, by id. */
  of(uri: string): [id: string, run: OpenRun][] {
    return Object.entries(this.#all()).filter(([, run]) => run.uri === uri);
  }

  async remember(id: string, run: OpenRun): Promise<void> {
    await this.#memory.update(KEY, { ...this.#all(), [id]: run });
  }

  async forget(id: string): Promise<void> {
    const { [id]: _, ...rest } = this.#all();
    await this.#memory.update(KEY, rest);
  }

  #all(): Record<string, OpenRun> {
    return this.#memory.get<Record<string, OpenRun>>(KEY, {});
  }
}
