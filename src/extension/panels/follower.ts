import { existsSync } from 'node:fs';
import type { RunSummary } from '../../protocol/run.ts';
import { readManifest, RunReader } from '../../runs/read.ts';
import { isFinal } from '../../protocol/events.ts';
import type { ParameterValue, RunNotice } from '../../protocol/webview.ts';
import { parametersOf } from './parameters.ts';
import { HealthWatch } from './watch-health.ts';
import { History } from './history/history.ts';

/** How much of `events.jsonl` is read at once, in bytes: some milliseconds of work. */
const PIECE = 256 * 1024;

/** Follows one run directory: reads what is new in small pieces and keeps the run's history. */
export class Follower {
  /** The run directory, absolute. */
  readonly dir: string;
  readonly #reader: RunReader;
  readonly #health: HealthWatch;
  #history = new History();
  #more = true;
  #wasReset = false;
  #summary: RunSummary | undefined;
  #parameters: Record<string, ParameterValue> | undefined;

  constructor(dir: string) {
    this.dir = dir;
    this.#health = new HealthWatch(dir);
    this.#reader = new RunReader(dir, (events, reset) => {
      if (reset) {
        this.#history = new History();
        this.#wasReset = true;
      }
      this.#history.add(events);
    });
  }

  get history(): History {
    return this.#history;
  }

  /** How the run stood when it was last read; undefined before that, and when its folder is not there (any more). */
  get summary(): RunSummary | undefined {
    return this.#summary;
  }

  /** What the run was made with; undefined while its `run.json` cannot be read. */
  get parameters(): Readonly<Record<string, ParameterValue>> | undefined {
    return this.#parameters;
  }

  /** What a person should look at in it now. */
  get alerts(): readonly RunNotice[] {
    if (this.#more || !this.#summary || isFinal(this.#summary.state)) return [];
    return this.#health.look(this.#history, this.#summary);
  }

  /** More is known to lie on disk than was read. */
  get more(): boolean {
    return this.#more;
  }

  /** Whether the run may still change by itself. */
  get live(): boolean {
    return this.#more || (this.#summary !== undefined && !isFinal(this.#summary.state));
  }

  /** Reads what is new until there is no more, or until the time (of `performance.now`) has come; one piece at least. */
  read(until: number): void {
    if (!existsSync(this.dir)) {
      this.#summary = undefined;
      this.#more = false;
      return;
    }
    do this.#more = this.#reader.advance(PIECE);
    while (this.#more && performance.now() < until);
    this.#summary = this.#reader.summary();
    this.#parameters ??= this.#readParameters();
  }

  #readParameters(): Record<string, ParameterValue> | undefined {
    const { manifest } = readManifest(this.dir);
    return manifest && parametersOf(manifest);
  }

  /** True once after the events file was replaced: what was made of its old content is void. */
  takeReset(): boolean {
    const was = this.#wasReset;
    this.#wasReset = false;
    return was;
  }
}
