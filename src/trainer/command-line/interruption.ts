import { StopRequest } from '../../runs/stop.ts';
import { EXIT } from './exit-codes.ts';

/** A second signal this soon (ms) is the first one again: npm and some shells pass a Ctrl+C on that the terminal has sent already. */
const ECHO = 300;

const REASONS = {
  SIGINT: 'Interrupted with Ctrl+C.',
  SIGTERM: 'Asked to end by the system (SIGTERM).',
  SIGHUP: 'Its terminal was closed.',
} as const;

/**
 * Ctrl+C and its relatives, from the first moment of the process on: the first one asks for an orderly end, a second
 * one ends the process at once.
 */
export class Interruption {
  readonly stop = new StopRequest();
  #first = 0;
  #lastWords: (() => void) | undefined;

  /** Listens to the signals for as long as the process lives. */
  listen(): this {
    for (const [signal, reason] of Object.entries(REASONS)) process.on(signal, () => this.#hear(reason));
    return this;
  }

  /** Says what is still to be written down when a second signal ends the process. */
  beforeSecond(lastWords: (() => void) | undefined): void {
    this.#lastWords = lastWords;
  }

  /** An AbortSignal that is aborted by the first signal. */
  toAbortSignal(): AbortSignal {
    const abort = new AbortController();
    this.stop.onRequest((reason) => abort.abort(new Error(reason)));
    return abort.signal;
  }

  #hear(reason: string): void {
    const now = performance.now();
    if (!this.stop.requested) {
      this.#first = now;
      this.stop.request(reason);
    } else if (now - this.#first > ECHO) {
      try {
        this.#lastWords?.();
      } finally {
        process.exit(EXIT.interrupted);
      }
    }
  }
}
