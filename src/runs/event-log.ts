import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent, RunEventBody } from '../protocol/events.ts';
import { RUN_FILES } from '../protocol/run.ts';
import { readEvents } from './events.ts';
import { EMPTY_FOLD, reduce, type RunFold } from './reduce.ts';
import { rewindEvents } from './rewind.ts';

/**
 * The append side of `events.jsonl`. Opening an existing file goes on after its last whole line; a torn one is cut
 * off. A line is there wholly or, after an error, not at all.
 */
export class EventLog {
  readonly #directory: string;
  #file: number;
  #length = 0;
  #fold: RunFold;

  constructor(directory: string) {
    this.#directory = directory;
    let fold: RunFold = EMPTY_FOLD;
    for (let more = true; more;) {
      const read = readEvents(directory, { fromByte: this.#length });
      fold = reduce(read.events, fold);
      ({ more, nextByte: this.#length } = read);
    }
    this.#fold = fold;
    this.#file = openSync(join(directory, RUN_FILES.events), 'a');
    ftruncateSync(this.#file, this.#length);
  }

  /** What all events so far add up to. */
  get fold(): Readonly<RunFold> {
    return this.#fold;
  }

  /** Appends an event; with `durable` it is on disk when this returns. Throws Node's system errors. */
  append(body: RunEventBody, durable: boolean): RunEvent {
    const event: RunEvent = { seq: this.#fold.seq + 1, time: new Date().toISOString(), ...body };
    const line = Buffer.from(`${JSON.stringify(event)}\n`);
    try {
      for (let written = 0; written < line.length;) written += writeSync(this.#file, line, written);
    } catch (error) {
      ftruncateSync(this.#file, this.#length);
      throw error;
    }
    this.#length += line.length;
    this.#fold = reduce([event], this.#fold);
    if (durable) fsyncSync(this.#file);
    return event;
  }

  /** Puts everything on the disk. Throws Node's system errors. */
  sync(): void {
    fsyncSync(this.#file);
  }

  /** Takes back what came after `step` (see `rewind.ts`). Throws Node's system errors, and has then changed nothing. */
  rewind(step: number): void {
    const rewound = rewindEvents(this.#directory, step);
    if (!rewound) return;
    closeSync(this.#file);
    this.#file = openSync(join(this.#directory, RUN_FILES.events), 'a');
    this.#length = rewound.bytes;
    this.#fold = rewound.fold;
  }

  close(): void {
    closeSync(this.#file);
  }
}
