import { setTimeout as wait } from 'node:timers/promises';
import type { ResolvedEndpoint } from '../../../language/resolved.ts';

/** Most requests and tokens within any minute; undefined for as many as it takes. */
export interface RateLimits {
  readonly requests?: number | undefined;
  readonly tokens?: number | undefined;
}

/** A request that was let through. */
export interface Admission {
  /** What it took in truth, in place of what was reserved for it. */
  settle(tokens: number): void;
}

export interface Clock {
  /** Milliseconds. */
  readonly now: () => number;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const CLOCK: Clock = {
  now: () => performance.now(),
  wait: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
};

const MINUTE = 60_000;
/** Longest look away, in milliseconds: a request under way may turn out to take less than was reserved for it. */
const LOOK = 200;

/** Lets requests through in the order they come, so that no 60 seconds hold more of them, or of their tokens, than an API allows. */
export class RateLimit {
  readonly #limits: RateLimits;
  readonly #clock: Clock;
  /** Those of the last minute, oldest first. */
  readonly #passed: { readonly at: number; tokens: number }[] = [];
  #line: Promise<unknown> = Promise.resolve();

  constructor(limits: RateLimits, clock = CLOCK) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /**
   * Waits until a request may be sent. One that needs more tokens than a minute has goes alone.
   * @param tokens that it takes at most
   * @throws the signal's reason when aborted
   */
  pass(tokens: number, signal: AbortSignal): Promise<Admission> {
    const turn = this.#line.then(() => this.#admit(tokens, signal));
    this.#line = turn.catch(() => undefined);
    return turn;
  }

  async #admit(tokens: number, signal: AbortSignal): Promise<Admission> {
    for (;;) {
      signal.throwIfAborted();
      const delay = this.#delay(tokens);
      if (delay <= 0) break;
      await this.#clock.wait(Math.min(delay, LOOK), signal);
    }
    const own = { at: this.#clock.now(), tokens };
    this.#passed.push(own);
    return { settle: (taken) => void (own.tokens = taken) };
  }

  /** Milliseconds until so many of the oldest are more than a minute old that one more has room. */
  #delay(tokens: number): number {
    const { requests = Infinity, tokens: most = Infinity } = this.#limits;
    const now = this.#clock.now();
    while (this.#passed[0] && this.#passed[0].at + MINUTE <= now) this.#passed.shift();
    let count = this.#passed.length;
    let sum = this.#passed.reduce((total, each) => total + each.tokens, 0);
    let free = now;
    for (const { at, tokens: freed } of this.#passed) {
      if (count < requests && sum + tokens <= most) break;
      free = at + MINUTE;
      count--;
      sum -= freed;
    }
    return free - now;
  }
}

const limits = new Map<string, RateLimit>();

/** The limit of an endpoint: one for all that this process asks of a model at an address, whichever candidate asks. */
export function rateLimitOf(endpoint: ResolvedEndpoint): RateLimit {
  const { base_url, model, requests_per_minute, tokens_per_minute } = endpoint;
  const name = JSON.stringify([base_url, model, requests_per_minute, tokens_per_minute]);
  let limit = limits.get(name);
  if (!limit)
    limits.set(name, (limit = new RateLimit({ requests: requests_per_minute, tokens: tokens_per_minute })));
  return limit;
}
