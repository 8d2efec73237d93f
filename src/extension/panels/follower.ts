import { existsSync } from 'node:fs';
import type { RunSummary } from '../../protocol/run.ts';
import { BlockLost, BlockStore } from '../../runs/columns/block-store.ts';
import { cacheFolder, readCache, writeCache } from '../../runs/columns/cache-file.ts';
import { PrefixCheck } from '../../runs/columns/prefix-check.ts';
import { readManifest, RunReader, type ReadPlace } from '../../runs/read.ts';
import { isFinal } from '../../protocol/events.ts';
import type { ParameterValue, RunNotice } from '../../protocol/webview.ts';
import { parametersOf } from './parameters.ts';
import { HealthWatch } from './watch-health.ts';
import { blockFilesOf, History, type HistoryState } from './history/history.ts';

/** How much of `events.jsonl` is read at once, in bytes: some milliseconds of work. */
const PIECE = 256 * 1024;
const ROOM = Buffer.allocUnsafeSlow(PIECE);
/** What was made of so many new bytes of events is kept when there are no more, … */
const WORTH_KEEPING = 2 ** 20;
/** … and of so many in between, for whoever closes a panel before a long file was read. */
const LONG = 64 * 2 ** 20;

/**
 * Follows one run directory: reads what is new in small pieces and keeps the run's history. What it has made of many events it keeps
 * in the run's cache, and a later one goes on from there.
 */
export class Follower {
  /** The run directory, absolute. */
  readonly dir: string;
  readonly #health: HealthWatch;
  #reader: RunReader;
  #store: BlockStore;
  #history: History;
  /** Up to where the cache holds what was read, and how large it is. */
  #kept = { bytes: 0, size: 0 };
  #more = true;
  /** While it is not known that the events are still those that the cache was made of. */
  #check: PrefixCheck | undefined;
  #wasReset = false;
  #summary: RunSummary | undefined;
  #parameters: Record<string, ParameterValue> | undefined;

  constructor(dir: string) {
    this.dir = dir;
    this.#health = new HealthWatch(dir);
    this.#store = new BlockStore(cacheFolder(dir));
    const cached = readCache(dir);
    // SAFETY: the cache is of this version, whose only writer is `#keep`.
    this.#history = new History(this.#store, cached?.state as HistoryState | undefined);
    this.#reader = this.#read(cached?.place);
    this.#kept.bytes = cached?.place.nextByte ?? 0;
    if (cached?.hasGrown) this.#check = new PrefixCheck(dir, cached.place);
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

  /** What a person should look at in it now. May throw `BlockLost`. */
  get alerts(): readonly RunNotice[] {
    if (this.#more || !this.#summary || isFinal(this.#summary.state)) return [];
    return this.#health.look(this.#history, this.#summary);
  }

  /** More is known to lie on disk than was read, or what a cache was made of is still to be looked at. */
  get more(): boolean {
    return this.#more || this.#check !== undefined;
  }

  /** Whether the run may still change by itself. */
  get live(): boolean {
    return this.more || (this.#summary !== undefined && !isFinal(this.#summary.state));
  }

  /** Reads what is new until there is no more, or until the time (of `performance.now`) has come; one piece at least. */
  read(until: number): void {
    if (!existsSync(this.dir)) {
      this.#summary = undefined;
      this.#more = false;
      this.#check = undefined;
      return;
    }
    try {
      do this.#more = this.#reader.advance(PIECE, ROOM);
      while (this.#more && performance.now() < until);
      if (!this.#more) this.#checkCached(until);
    } catch (error) {
      if (!(error instanceof BlockLost)) throw error;
      this.restart();
    }
    this.#summary = this.#reader.summary();
    this.#parameters ??= this.#readParameters();
    const since = this.#reader.place.nextByte - this.#kept.bytes;
    if (since > (this.#more ? LONG : Math.max(WORTH_KEEPING, 2 * this.#kept.size))) this.#keep();
  }

  /** What a person sees at once is what the cache holds; whether it still holds is found out behind it. */
  #checkCached(until: number): void {
    while (this.#check) {
      const found = this.#check.advance(ROOM);
      if (found !== 'more') this.#check = undefined;
      if (found === 'changed') this.restart();
      if (performance.now() >= until) return;
    }
  }

  /** Begins with the events again: what was kept of them is lost. */
  restart(): void {
    this.#begin();
    this.#reader = this.#read();
    this.#more = true;
  }

  /** Ends the following, and keeps what is worth it. */
  close(): void {
    if (this.#reader.place.nextByte - this.#kept.bytes > WORTH_KEEPING && existsSync(this.dir)) this.#keep();
    this.#store.close();
  }

  /** True once after the events file was replaced: what was made of its old content is void. */
  takeReset(): boolean {
    const was = this.#wasReset;
    this.#wasReset = false;
    return was;
  }

  #read(from?: ReadPlace): RunReader {
    return new RunReader(
      this.dir,
      (events, reset) => {
        if (reset) this.#begin();
        this.#history.add(events);
      },
      from,
    );
  }

  #begin(): void {
    this.#store.close();
    this.#store = new BlockStore(cacheFolder(this.dir));
    this.#history = new History(this.#store);
    this.#check = undefined;
    this.#kept = { bytes: 0, size: 0 };
    this.#wasReset = true;
  }

  #keep(): void {
    // Where blocks stay in memory another process could not find them.
    if (this.#check || !this.#store.begin()) return;
    const { state } = this.#history;
    const { place } = this.#reader;
    const size = writeCache(this.dir, { place, state }, blockFilesOf(state));
    this.#kept = { bytes: place.nextByte, size: size ?? 0 };
  }

  #readParameters(): Record<string, ParameterValue> | undefined {
    const { manifest } = readManifest(this.dir);
    return manifest && parametersOf(manifest);
  }
}
