import { setImmediate } from 'node:timers/promises';
import type { MetricsUpdate } from '../../protocol/webview.ts';
import type { MetricsFeed } from './feed.ts';

/** Milliseconds between two updates at least: four a second. */
const INTERVAL = 250;
/** Reading gives the extension host a turn after this many milliseconds. */
const SLICE = 20;
/** Watching takes this share of the extension host's time at most. */
const SHARE = 0.2;

/**
 * Reads a feed and sends what is new of it while somebody looks, a few times a second. Holds a timer only between two looks at runs that
 * go on.
 */
export class Pump {
  readonly #feed: MetricsFeed;
  readonly #send: (update: MetricsUpdate) => void;
  #running = false;
  #pumping = false;
  /** Something happened while it was reading. */
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #sentAt = 0;

  constructor(feed: MetricsFeed, send: (update: MetricsUpdate) => void) {
    this.#feed = feed;
    this.#send = send;
  }

  /** Somebody looks. */
  start(): void {
    this.#running = true;
    this.wakeNow();
  }

  /** Nobody looks any more: no timer is left. */
  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  /** Reads and sends what is new as soon as the interval has passed. */
  wake(): void {
    this.#again = this.#pumping;
    if (this.#pumping) return;
    this.#schedule(Math.max(0, this.#sentAt + INTERVAL - Date.now()));
  }

  /** Reads and sends what is new at once: a person waits for it. */
  wakeNow(): void {
    this.#sentAt = 0;
    this.wake();
  }

  #schedule(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#running) this.#timer = setTimeout(() => void this.#pump(), milliseconds);
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    let spent = 0;
    try {
      for (let more = true; more && this.#running;) {
        const started = performance.now();
        more = this.#feed.read(SLICE);
        if (!more || Date.now() - this.#sentAt >= INTERVAL) this.#sendUpdate();
        spent += performance.now() - started;
        if (more) await setImmediate();
      }
    } finally {
      this.#pumping = false;
    }
    if (this.#again) this.wake();
    else if (this.#feed.live) this.#schedule(Math.max(INTERVAL, spent / SHARE));
  }

  #sendUpdate(): void {
    this.#sentAt = Date.now();
    const update = this.#feed.takeUpdate();
    if (update) this.#send(update);
  }
}
