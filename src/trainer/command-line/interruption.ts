import { setImmediate } from 'node:timers/promises';
import { StopRequest } from '../../runs/stop.ts';
import { EXIT } from './exit-codes.ts';

/**
 * A second signal this soon (ms) is the first one again: npm passes on a Ctrl+C that the terminal has sent already. A
 * third one is none; while a step blocks the process, all wait for its end and come at once.
 */
const ECHO = 300;

const REASONS: Partial<Record<NodeJS.Signals, string>> = {
  SIGINT: 'Interrupted with Ctrl+C.',
  SIGTERM: 'Asked to end by the system (SIGTERM).',
};

/**
 * Ctrl+C and its relatives, from the first moment of the process on: the first one asks for an orderly end, a second
 * one ends the process at once.
 */
export class Interruption {
  readonly stop = new StopRequest();
  readonly #exit: (code: number) => void;
  #count = 0;
  #first = 0;
  #lastWords: (() => void) | undefined;
  readonly #heard = new Map<string, () => void>();

  /** @param exit ends the process */
  constructor(exit: (code: number) => void = (code) => process.exit(code)) {
    this.#exit = exit;
  }

  /** Listens to the signals for as long as the process lives. */
  listen(): this {
    for (const [signal, reason] of Object.entries(REASONS)) {
      const hear = () => this.hear(reason);
      this.#heard.set(signal, hear);
      process.on(signal, hear);
    }
    return this;
  }

  /**
   * Leaves the signals to the system, which ends the process at once, also while a step blocks it: for work that leaves
   * nothing to save or to clear away.
   * @throws Error the reason, when a signal has come before
   */
  async stopListening(): Promise<void> {
    // A signal that came while the process was blocked is heard by the event loop's next full turn, or never.
    await setImmediate();
    await setImmediate();
    if (this.stop.requested) throw new Error(this.stop.reason);
    for (const [signal, hear] of this.#heard) process.off(signal, hear);
    this.#heard.clear();
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

  /** What a signal does. `now` is in milliseconds of a monotonic clock. */
  hear(reason: string, now: number = performance.now()): void {
    this.#count++;
    if (this.#count === 1) this.#first = now;
    const again = this.#count > 2 || now - this.#first > ECHO;
    // Somebody may have asked for the stop over the control socket before.
    if (!this.stop.requested) this.stop.request(reason);
    else if (again) this.#endNow();
  }

  #endNow(): void {
    try {
      this.#lastWords?.();
    } finally {
      this.#exit(EXIT.interrupted);
    }
  }
}
