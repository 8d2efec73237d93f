/**
 * The host's part of the metrics panel, alone in a process, so that its memory is its own: `node host.mjs STEPS LIVE DIRECTORY…`
 * opens the runs, zooms, smooths, and then follows them for LIVE seconds. Prints one JSON object.
 */
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { INTERVAL, readAll } from './read-all.mjs';

const [steps, live, ...dirs] = process.argv.slice(2);
const { MetricsFeed } = await import('../../src/extension/panels/feed.ts');
const base = process.memoryUsage.rss();
const feed = new MetricsFeed(() => ({ searching: false }));
const view = { smoothing: 0, buckets: 800 };
feed.setView(view);
feed.setRuns(dirs.map((dir) => ({ id: basename(dir), dir })));
const started = performance.now();
const used = process.cpuUsage();
let first;
let updates = 0;
await readAll(feed, () => {
  first ??= performance.now() - started;
  updates++;
});
const open = { first, all: performance.now() - started, processor: milliseconds(used), updates };

const zooms = [];
for (const share of [2, 10, 100, 1000, 20_000]) {
  const from = Number(steps) * 0.37;
  zooms.push(timed({ ...view, range: [from, from + Number(steps) / share] }));
}
zooms.push(timed(view));
const smooth = timed({ ...view, smoothing: 0.9 });
feed.setView(view);
feed.takeUpdate();

const following = process.cpuUsage();
for (let turn = 0; turn < (Number(live) * 1000) / INTERVAL; turn++) {
  await readAll(feed, () => {});
  await setTimeout(INTERVAL);
}
const processor = Number(live) > 0 ? milliseconds(following) / Number(live) : 0;
// What the system counts, in kilobytes: the most it ever was.
const peak = process.resourceUsage().maxRSS * 1024;
feed.close();
console.log(JSON.stringify({ open, zooms, smooth, processor, base, peak }));

function timed(next) {
  const began = performance.now();
  feed.setView(next);
  feed.takeUpdate();
  return performance.now() - began;
}

function milliseconds(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}
