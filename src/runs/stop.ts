/**
 * The wish that a run should end. The training loop looks at `requested` between steps; the first request means
 * "checkpoint, then stop". Requests come from the control socket and from signals.
 */
export class StopRequest {
  #reason: string | undefined;
  readonly #listeners = new Set<(reason: string) => void>();

  get requested(): boolean {
    return this.#reason !== undefined;
  }

  /** Why, as a sentence for people. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Asks for the end. Only the first reason is kept. */
  request(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const listener of this.#listeners) listener(reason);
  }

  /** Calls back at the request, or at once when it has been made. Gives a function that ends it. */
  onRequest(listener: (reason: string) => void): () => void {
    if (this.#reason === undefined) this.#listeners.add(listener);
    else listener(this.#reason);
    return () => this.#listeners.delete(listener);
  }
}
