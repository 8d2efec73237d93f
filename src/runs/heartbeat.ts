import { join } from 'node:path';
import { RUN_FILES, type RunProcess } from '../protocol/run.ts';
import { writeFileAtomic } from './atomic.ts';
import { machineMemory } from './machine-memory.ts';
import { thisProcess } from './process.ts';

/** Milliseconds between two heartbeats. */
export const HEARTBEAT_INTERVAL = 2000;

/**
 * Keeps `process.json` fresh. A timer does it while the process waits; while a training step blocks the event loop
 * the writer calls {@link Heartbeat.beatIfDue} between steps.
 */
export class Heartbeat {
  readonly #path: string;
  readonly #identity = thisProcess();
  readonly #controlSocket: string | undefined;
  readonly #onError: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #last = 0;

  /** Writes the first heartbeat at once. `onError` hears of every later one that could not be written. */
  constructor(directory: string, controlSocket: string | undefined, onError: (error: unknown) => void) {
    this.#path = join(directory, RUN_FILES.process);
    this.#controlSocket = controlSocket;
    this.#onError = onError;
    this.#write();
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_INTERVAL).unref();
  }

  beatIfDue(): void {
    // The monotonic clock: the wall clock may jump.
    if (performance.now() - this.#last >= HEARTBEAT_INTERVAL) this.#beat();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    try {
      this.#write();
    } catch (error) {
      this.#onError(error);
    }
  }

  #write(): void {
    this.#last = performance.now();
    const content: RunProcess = {
      ...this.#identity,
      heartbeat: new Date().toISOString(),
      memory: machineMemory(),
      controlSocket: this.#controlSocket,
    };
    // Not durable: after a crash of the machine the process is gone whatever the file says.
    writeFileAtomic(this.#path, `${JSON.stringify(content)}\n`, { durable: false });
  }
}
