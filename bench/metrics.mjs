/* What runs in the page. */
/* global window, document, requestAnimationFrame, HTMLElement, KeyboardEvent */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { appendSteps, makeRuns } from './metrics/make-runs.mjs';
import { INTERVAL, readAll } from './metrics/read-all.mjs';
import { measureTensorBoard, writeEvents } from './metrics/tensorboard.mjs';
import { median } from './numbers.mjs';

const RUNS = 10;
const STEPS = Number(process.env.TUNEBOOK_BENCH_POINTS ?? 1_000_000);
/** Events that come in a second while the runs go on, over all runs, and how long they do. */
const [EVENTS, SECONDS] = [1000, 5];
/** The program `tensorboard`, of an environment of its own; without it there is no peer. */
const TENSORBOARD = process.env.TUNEBOOK_BENCH_TENSORBOARD;

/**
 * The metrics panel with ten runs of a million points each: until it is open, the first time and later, a zoom, live numbers, and
 * memory. The host's part runs in Node as it does in the extension host, the page's in the Chromium of the tests.
 *
 * @param {string} name
 * @param {(message: string) => void} progress
 */
export async function metrics(name, progress) {
  const folder = mkdtempSync(join(tmpdir(), 'tunebook-bench-metrics-'));
  // The runs seem to train here, and no real run is to wait for them.
  process.env.TUNEBOOK_RUNTIME_DIR = join(folder, 'runtime');
  try {
    progress(`${name}: writing ${RUNS} runs of ${STEPS.toLocaleString('en-US')} points`);
    const dirs = await makeRuns(folder, RUNS, STEPS);
    const megabytes = dirs.reduce((sum, dir) => sum + statSync(join(dir, 'events.jsonl')).size, 0) / 1e6;
    progress(`${name}: opening them for the first time (${Math.round(megabytes)} MB of events)`);
    const first = host(dirs, 0);
    progress(`${name}: opening them again`);
    const again = host(dirs, 0);
    const page = await measurePage(dirs, progress);
    let peer;
    if (TENSORBOARD) {
      progress(`${name}: TensorBoard`);
      await writeEvents(join(folder, 'tensorboard'), RUNS, STEPS);
      peer = await measureTensorBoard(TENSORBOARD, join(folder, 'tensorboard'), RUNS, STEPS);
    }
    const beside = (value) => (peer ? { peer: value(peer), peerName: 'TensorBoard' } : {});
    return [
      { name: `${name}, first open: until lines are sent`, unit: 's', ours: first.open.first / 1000 },
      {
        name: `${name}, first open: until all is read`,
        unit: 's',
        ours: first.open.all / 1000,
        ...beside(({ seconds }) => seconds),
      },
      { name: `${name}, first open: processor time`, unit: 's', ours: first.open.processor / 1000 },
      {
        name: `${name}, first open: memory`,
        unit: 'MB',
        ours: first.peak / 1e6,
        ...beside(({ memory }) => memory / 1e6),
      },
      { name: `${name}, open again: the host`, unit: 's', ours: again.open.all / 1000 },
      {
        name: `${name}, open again: until lines are drawn`,
        unit: 's',
        ours: page.open / 1000,
        ...(peer ? {} : { target: 0.5 }),
      },
      {
        name: `${name}, zoom in the host`,
        unit: 'ms',
        ours: median(again.zooms),
        ...beside(({ answer }) => answer),
      },
      { name: `${name}, zoom in the host, slowest`, unit: 'ms', ours: Math.max(...again.zooms), target: 100 },
      { name: `${name}, zoom from the key to the lines`, unit: 'ms', ours: page.zoom, target: 100 },
      { name: `${name}, smoothing all in the host`, unit: 'ms', ours: again.smooth },
      { name: `${name}, live: frames a second`, unit: '1/s', ours: page.frames },
      { name: `${name}, live: slowest of a hundred frames`, unit: 'ms', ours: page.slowest },
      { name: `${name}, live: processor time of the host`, unit: 'ms/s', ours: page.processor },
      { name: `${name}, memory of the host, all of it`, unit: 'MB', ours: again.peak / 1e6, target: 300 },
      { name: `${name}, memory of Node before`, unit: 'MB', ours: again.base / 1e6 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The host's part alone in a process. */
function host(dirs, live) {
  const script = fileURLToPath(new URL('metrics/host.mjs', import.meta.url));
  return JSON.parse(
    execFileSync(process.execPath, [script, String(STEPS), String(live), ...dirs], { encoding: 'utf8' }),
  );
}

/**
 * @param {string[]} dirs
 * @param {(message: string) => void} progress
 */
async function measurePage(dirs, progress) {
  const { MetricsFeed } = await import('../src/extension/panels/feed.ts');
  const runs = dirs.map((dir) => ({ id: basename(dir), dir }));
  /** @type {InstanceType<typeof MetricsFeed> | undefined} */
  let feed;
  const browser = await openPage(runs, async (message, send) => {
    if (message.type !== 'ready' && message.type !== 'view') return;
    feed ??= new MetricsFeed(() => ({ searching: false }));
    if (message.type === 'ready') feed.setRuns(runs);
    feed.setView(message.view);
    await readAll(feed, send);
  });
  progress('metrics: opening the page');
  const started = performance.now();
  await browser.page.goto('https://panel.test/');
  await browser.page.locator('tunebook-chart canvas').waitFor({ timeout: 600_000 });
  await browser.page.evaluate(twoFrames);
  const open = performance.now() - started;

  progress('metrics: zooming');
  await setTimeout(500);
  const zooms = [];
  for (const key of ['+', '+', '+', '-', '+']) {
    zooms.push(await browser.page.evaluate(zoomAndWait, key));
    await setTimeout(300);
  }
  await browser.page.keyboard.press('Escape');
  await setTimeout(500);

  progress('metrics: following');
  const frames = browser.page.evaluate(countFrames, SECONDS * 1000);
  const each = (EVENTS * INTERVAL) / 1000 / RUNS;
  let processor = 0;
  const until = performance.now() + SECONDS * 1000;
  for (let turn = 0; performance.now() < until; turn++) {
    dirs.forEach((dir, run) => appendSteps(dir, run, STEPS + turn * each, each));
    const before = process.cpuUsage();
    feed?.read(20);
    const update = feed?.takeUpdate();
    const { user, system } = process.cpuUsage(before);
    processor += (user + system) / 1000 / SECONDS;
    if (update) await browser.send(update);
    await setTimeout(INTERVAL);
  }
  const { rate, slowest } = await frames;
  feed?.close();
  await browser.close();
  return { open, zoom: median(zooms), frames: rate, slowest, processor };
}

async function openPage(runs, receive) {
  const { launchBrowser } = await import('../test/vscode/support/browser.ts');
  const { startHost } = await import('../test/webview/support/host-page.ts');
  const { readTheme } = await import('../test/webview/support/themes.ts');
  const { metricsHtml } = await import('../src/extension/panels/metrics-html.ts');
  const { INITIAL_STATE } = await import('../src/extension/panels/panel-state.ts');
  const script = readFileSync(new URL('../dist/metrics.webview.js', import.meta.url));
  const html = metricsHtml('https://panel.test/metrics.webview.js', 'Ym', { ...INITIAL_STATE, runs });
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const send = (update) => page.evaluate((data) => window.postMessage(data), { type: 'update', ...update });
  await page.exposeFunction('toHost', (message) => void receive(message, send));
  await page.addInitScript(startHost, readTheme('dark-2026'));
  await page.route('https://panel.test/**', (route) =>
    route.fulfill(
      route.request().url().endsWith('.js')
        ? { contentType: 'text/javascript', body: script }
        : { contentType: 'text/html', body: html },
    ),
  );
  return { page, send, close: () => browser.close() };
}

/** Runs in the page: from a key on the chart to the frame that shows what the host sent for it. */
async function zoomAndWait(key) {
  const plot = document.querySelector('tunebook-chart [role=slider]');
  if (!(plot instanceof HTMLElement)) throw new Error('There is no chart.');
  plot.focus();
  const came = new Promise((resolve) => {
    const listener = ({ data }) => {
      if (!data?.series) return;
      window.removeEventListener('message', listener);
      resolve(undefined);
    };
    window.addEventListener('message', listener);
  });
  const started = performance.now();
  plot.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  await came;
  for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now() - started;
}

/** Runs in the page: frames a second over some milliseconds, and the longest of the shorter 99 of 100. */
async function countFrames(duration) {
  const started = performance.now();
  const times = [];
  for (let last = started; last - started < duration;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    times.push(performance.now() - last);
    last = performance.now();
  }
  times.sort((a, b) => a - b);
  const rate = (times.length * 1000) / (performance.now() - started);
  return { rate, slowest: times[Math.floor(times.length * 0.99)] ?? 0 };
}

/** Runs in the page. */
async function twoFrames() {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
}
