import type { ProgressEvent } from '../../protocol/events.ts';
import { share } from './progress-bar.ts';

/** Milliseconds after which a line of progress is due in any case. */
const INTERVAL = 10_000;

/**
 * Says when a pipe or a log gets a line of progress: every tenth of the main phase, and every ten seconds of whatever
 * goes on.
 */
export class Pulse {
  readonly #main: ProgressEvent['phase'];
  #tenth = 0;
  #last: number;

  /** @param main what the run is about: the evaluations in between are told by their results */
  constructor(main: ProgressEvent['phase'], now: number = performance.now()) {
    this.#main = main;
    this.#last = now;
  }

  /** Whether this event is worth a line; then the next one counts from here. */
  isDue(event: ProgressEvent, now: number = performance.now()): boolean {
    const tenth = event.phase === this.#main ? Math.floor(10 * share(event) + 1e-9) : this.#tenth;
    if (tenth <= this.#tenth && now - this.#last < INTERVAL) return false;
    this.#tenth = tenth;
    this.#last = now;
    return true;
  }
}
