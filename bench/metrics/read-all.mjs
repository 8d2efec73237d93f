import { setImmediate } from 'node:timers/promises';

/** What the panel does: it reads in slices and sends four times a second (see `metrics-panel.ts`). */
const SLICE = 20;
export const INTERVAL = 250;

/**
 * Reads what is new and sends it, as the panel does.
 *
 * @param {import('../../src/extension/panels/feed.ts').MetricsFeed} feed
 * @param {(update: object) => unknown} send
 */
export async function readAll(feed, send) {
  for (let more = true, sentAt = 0; more;) {
    more = feed.read(SLICE);
    if (!more || performance.now() - sentAt > INTERVAL) {
      const update = feed.takeUpdate();
      if (update) await send(update);
      sentAt = performance.now();
    }
    await setImmediate();
  }
}
