import type { StopRequest } from './stop.ts';

/**
 * The wish that a run should hold on for a while with its memory as it is. The training loop looks at `requested` between
 * steps and waits in {@link PauseRequest.over}.
 */
export class PauseRequest {
  #requested = false;
  #allowed = false;
  readonly #waiting = new Set<() => void>();

  get requested(): boolean {
    return this.#requested;
  }

  /** Whether somebody looks at it: an evaluation does not, nor a run that only prepares. */
  get allowed(): boolean {
    return this.#allowed;
  }

  /** Says that from now on somebody looks at it. */
  allow(): void {
    this.#allowed = true;
  }

  request(): void {
    this.#requested = true;
  }

  /** Ends the pause; whoever waits goes on. */
  end(): void {
    this.#requested = false;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /** Resolves when the pause is over, or the run is to stop. */
  over(stop: StopRequest): Promise<void> {
    if (!this.#requested) return Promise.resolve();
    return new Promise((resolve) => {
      // Timers and sockets of a run do not keep its process alive; while it is paused something must.
      const alive = setInterval(() => undefined, 60_000);
      const done = () => {
        clearInterval(alive);
        resolve();
      };
      this.#waiting.add(done);
      stop.onRequest(() => this.end());
    });
  }
}
