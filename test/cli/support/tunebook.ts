import assert from 'node:assert/strict';
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RunEvent } from '../../../src/protocol/events.ts';

/** The built command line, as it is shipped. */
export const TUNEBOOK = fileURLToPath(new URL('../../../dist/tunebook.js', import.meta.url));

export interface ProcessOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Run as this user; for root only. */
  uid?: number;
}

/** What a command printed and how it ended. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A line of `--json`: an event, or the object at the end. */
export type JsonLine = RunEvent | { type: string; [field: string]: unknown };

/** Living processes; those that a failed test leaves are killed after it. */
const living = new Set<ChildProcess>();

afterEach(() => {
  for (const child of living) child.kill('SIGKILL');
});

/** A `tunebook` process. */
export class Tunebook {
  readonly child: ChildProcess;
  readonly #ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';
  readonly #watchers = new Set<() => void>();

  constructor(args: readonly string[], { cwd, env = {}, uid }: ProcessOptions) {
    const options: SpawnOptions = {
      cwd,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    };
    this.child = spawn(process.execPath, [TUNEBOOK, ...args], options);
    living.add(this.child);
    this.child.stdout
      ?.setEncoding('utf8')
      .on('data', (chunk: string) => this.#take(() => (this.#stdout += chunk)));
    this.child.stderr
      ?.setEncoding('utf8')
      .on('data', (chunk: string) => this.#take(() => (this.#stderr += chunk)));
    this.#ended = this.#wait();
  }

  /** Resolves when the process has ended. */
  ended(): Promise<Ended> {
    return this.#ended;
  }

  /** The lines of `--json` so far. */
  get lines(): JsonLine[] {
    return parseLines(this.#stdout.slice(0, this.#stdout.lastIndexOf('\n') + 1));
  }

  /** Resolves with the first line that is as wanted, which may have been printed already. */
  line(isWanted: (line: JsonLine) => boolean): Promise<JsonLine> {
    return this.#until(() => this.lines.find(isWanted));
  }

  /** Resolves when the standard error holds such words. */
  async said(words: RegExp): Promise<void> {
    await this.#until(() => words.exec(this.#stderr) ?? undefined);
  }

  /** Resolves when the standard output holds such words. */
  async printed(words: RegExp): Promise<void> {
    await this.#until(() => words.exec(this.#stdout) ?? undefined);
  }

  /** Resolves when the run is in a state. */
  state(state: string): Promise<JsonLine> {
    return this.line((line) => line.type === 'state' && 'state' in line && line.state === state);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Lets a process go on that was held, or is just about to be. Resolves when it has ended. */
  async goOn(): Promise<Ended> {
    const timer = setInterval(() => this.kill('SIGCONT'), 20);
    try {
      return await this.#ended;
    } finally {
      clearInterval(timer);
    }
  }

  #take(add: () => void): void {
    add();
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }

  async #until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      const ended = await Promise.race([this.#more().then(() => undefined), this.#ended]);
      if (ended && find() === undefined)
        throw new Error(`It ended with ${ended.code} before that:\n${ended.stdout}\n${ended.stderr}`);
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => this.#watchers.add(resolve));
  }

  async #wait(): Promise<Ended> {
    // SAFETY: 'close' gives the exit code, or null, and the signal, or null.
    const [code, signal] = (await once(this.child, 'close')) as [number | null, NodeJS.Signals | null];
    living.delete(this.child);
    return { code, signal, stdout: this.#stdout, stderr: this.#stderr };
  }
}

/** Runs a command to its end. No output of it may hold a stack trace, whatever happened. */
export async function tunebook(args: readonly string[], options: ProcessOptions): Promise<Ended> {
  const ended = await new Tunebook(args, options).ended();
  assertNoStack(ended);
  return ended;
}

/** The objects of a `--json` stream. */
export function parseLines(stdout: string): JsonLine[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      // SAFETY: a line of the stream under test; its fields are asserted.
      return JSON.parse(line) as JsonLine;
    });
}

export function assertNoStack({ stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>): void {
  assert.doesNotMatch(stdout + stderr, /^\s+at .+:\d+:\d+\)?$/m, 'a stack trace was printed');
  assert.doesNotMatch(stdout + stderr, /node:internal/);
}
