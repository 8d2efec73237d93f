import type * as vscode from 'vscode';

/** A run that a cell started and that has not finished: it goes on, or can be resumed. */
export interface OpenRun {
  /** The notebook. */
  uri: string;
  kind: 'run' | 'sweep' | 'evaluate';
  name: string;
  /** Hash of what the cell depended on when it was started. */
  inputs?: string | undefined;
  /** Milliseconds since the epoch. */
  start: number;
}

const KEY = 'tunebook.notebookRuns';

/** Runs that cells wait for, or could go on with, kept over a reload of the window. */
export class OpenRuns {
  readonly #memory: vscode.Memento;
  /** Ids of the runs that a cell of this window waits for at the moment. */
  readonly followed = new Set<string>();

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** The runs that cells of a notebook wait for, by id. */
  of(uri: string): [id: string, run: OpenRun][] {
    return Object.entries(this.#all()).filter(([, run]) => run.uri === uri);
  }

  /** Notes a run; an older one of the same document is no longer of interest. */
  async remember(id: string, run: OpenRun): Promise<void> {
    const others = Object.entries(this.#all()).filter(
      ([, each]) => each.uri !== run.uri || each.kind !== run.kind || each.name !== run.name,
    );
    await this.#memory.update(KEY, { ...Object.fromEntries(others), [id]: run });
  }

  async forget(id: string): Promise<void> {
    const { [id]: _, ...rest } = this.#all();
    await this.#memory.update(KEY, rest);
  }

  #all(): Record<string, OpenRun> {
    return this.#memory.get<Record<string, OpenRun>>(KEY, {});
  }
}
