/** Follows a run as an open metrics panel and the Runs view do, until it is ended: `node watch.mjs DIRECTORY`. */
import { basename, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { INTERVAL, readAll } from './read-all.mjs';

const { MetricsFeed } = await import('../../src/extension/panels/feed.ts');
const { RunStore } = await import('../../src/extension/runs/run-store.ts');
const dir = resolve(process.argv[2]);
const store = new RunStore();
await store.setWorkspaces([resolve(dir, '../../..')]);
const feed = new MetricsFeed(() => ({ searching: false }));
feed.setView({ smoothing: 0.6, buckets: 800 });
feed.setRuns([{ id: basename(dir), dir }]);
process.once('SIGTERM', () => {
  const { user, system } = process.cpuUsage();
  process.stdout.write(String((user + system) / 1000), () => process.exit(0));
});
for (;;) {
  await readAll(feed, () => {});
  await setTimeout(INTERVAL);
}
