/* What runs in the page. */
/* global window, document, requestAnimationFrame */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { makeRecords } from './compare/make-records.mjs';

const ROWS = 100_000;
const CANDIDATES = ['base', 'prompted', 'lora', 'full'];
const QUERY = { a: 'base', b: 'full', chip: 'all', sort: 'order' };

/**
 * The comparison panel with 100,000 rows of four candidates: until rows are drawn, until everything is read, a filter from the key to the
 * rows, and scrolling. The host's part runs here in Node as it does in the extension host, the page's in the Chromium of the tests.
 *
 * @param {string} name
 * @param {(message: string) => void} progress
 */
export async function compare(name, progress) {
  const folder = mkdtempSync(join(tmpdir(), 'tunebook-bench-compare-'));
  try {
    progress(`${name}: writing ${ROWS.toLocaleString('en-US')} rows of ${CANDIDATES.length} candidates`);
    makeRecords(join(folder, 'records.jsonl'), ROWS, CANDIDATES);
    const { host, page } = await measure(folder, progress);
    return [
      {
        name: `${name}, open: until the first rows are drawn`,
        unit: 's',
        ours: page.firstRows / 1000,
        target: 1,
      },
      { name: `${name}, until all records are read`, unit: 's', ours: host.read / 1000 },
      ...Object.entries(host.filters).map(([filter, ours]) => ({
        name: `${name}, filter in the host: ${filter}`,
        unit: 'ms',
        ours,
        target: 100,
      })),
      { name: `${name}, filter from the click to the rows`, unit: 'ms', ours: page.filter, target: 100 },
      { name: `${name}, scroll, frames a second`, unit: '1/s', ours: page.frames },
      { name: `${name}, scroll, slowest of a hundred frames`, unit: 'ms', ours: page.slowest },
      { name: `${name}, memory of the host`, unit: 'MB', ours: host.memory },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} dir
 * @param {(message: string) => void} progress
 */
async function measure(dir, progress) {
  const { CompareFeed } = await import('../src/extension/panels/compare/compare-feed.ts');
  const { select } = await import('../src/extension/panels/compare/select.ts');
  progress('compare: reading');
  const before = process.memoryUsage.rss();
  const feed = new CompareFeed(dir, { runId: 'bench', name: 'bench', query: QUERY });
  const read = timed(() => {
    while (feed.read(20));
  });
  const memory = (process.memoryUsage.rss() - before) / 1e6;
  const queries = {
    'chip "fixed"': { chip: 'fixed' },
    text: { text: 'rename symbol' },
    label: { label: 'label_3' },
    'length and score': { length: [40, 120], score: [0.5, 1] },
  };
  /** @type {Record<string, number>} */
  const filters = {};
  for (const [what, part] of Object.entries(queries))
    filters[what] = median(5, () => select(feed.table, { ...QUERY, ...part }));
  filters['sort by disagreement, the first time'] = timed(() =>
    select(feed.table, { ...QUERY, sort: 'disagreement' }),
  );
  feed.dispose();
  progress('compare: drawing');
  return { host: { read, filters, memory }, page: await measurePage(dir, CompareFeed) };
}

/** The page with a host of its own, which reads in slices as the panel does. */
async function measurePage(dir, CompareFeed) {
  const { launchBrowser } = await import('../test/vscode/support/browser.ts');
  const { startHost } = await import('../test/webview/support/host-page.ts');
  const { readTheme } = await import('../test/webview/support/themes.ts');
  const { compareHtml } = await import('../src/extension/panels/compare/compare-html.ts');
  const script = readFileSync(new URL('../dist/compare.webview.js', import.meta.url));
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const feed = new CompareFeed(dir, { runId: 'bench', name: 'bench', query: QUERY });
  /** @type {Set<Promise<unknown>>} */
  const sending = new Set();
  const send = (messages) => {
    const sent = page
      .evaluate((all) => all.forEach((data) => window.postMessage(data)), messages)
      .finally(() => sending.delete(sent));
    sending.add(sent);
  };
  let isReady = false;
  await page.exposeFunction('toHost', (message) => {
    if (message.type === 'ready') isReady = true;
    send(feed.receive(message, () => undefined));
  });
  await page.addInitScript(startHost, readTheme('dark-2026'));
  const html = compareHtml('https://panel.test/compare.webview.js', 'Ym', {
    runId: 'bench',
    dir,
    query: QUERY,
  });
  await page.route('https://panel.test/**', (route) =>
    route.fulfill(
      route.request().url().endsWith('.js')
        ? { contentType: 'text/javascript', body: script }
        : { contentType: 'text/html', body: html },
    ),
  );
  const started = performance.now();
  await page.goto('https://panel.test/');
  const drawn = page
    .locator('.list .line .answer')
    .first()
    .waitFor()
    .then(() => performance.now() - started);
  for (let more = true, sentAt = 0; more;) {
    more = feed.read(20);
    if (isReady && (!more || performance.now() - sentAt > 1000)) {
      send(feed.takeUpdate());
      sentAt = performance.now();
    }
    await setImmediate();
  }
  const firstRows = await drawn;
  await page.waitForFunction(() => document.querySelector('.shown')?.textContent?.includes('100,000'));
  const filter = await page.evaluate(clickAndWait);
  const { frames, slowest } = await page.evaluate(scrollThrough);
  await page.waitForTimeout(500);
  await Promise.all(sending);
  feed.dispose();
  await browser.close();
  return { firstRows, filter, frames, slowest };
}

/** Runs in the page: from the click on a chip to the first row that is drawn of it. */
async function clickAndWait() {
  const chips = [...document.querySelectorAll('.chip')];
  const started = performance.now();
  chips.find((chip) => chip.textContent?.includes('Regressed'))?.click();
  const isThere = () => {
    const pressed = document.querySelector('.chip[aria-pressed=true]');
    if (!pressed?.textContent?.includes('Regressed')) return false;
    const count = pressed.querySelector('.count')?.textContent;
    const shown = document.querySelector('.shown')?.textContent ?? '';
    return shown.startsWith(`${count} `) && document.querySelector('.list .line .answer') !== null;
  };
  while (!isThere()) await new Promise((resolve) => requestAnimationFrame(resolve));
  const took = performance.now() - started;
  chips.find((chip) => chip.textContent?.includes('All'))?.click();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return took;
}

/** Runs in the page: scrolls 30 rows a frame for two seconds. */
async function scrollThrough() {
  const grid = document.getElementById('grid');
  if (!grid) throw new Error('There is no grid.');
  const times = [];
  let last = performance.now();
  const end = last + 2000;
  while (last < end) {
    grid.scrollTop += 30 * 46;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  times.sort((a, b) => a - b);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return { frames: 1000 / mean, slowest: times[Math.floor(times.length * 0.99)] ?? 0 };
}

function timed(work) {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function median(times, work) {
  const all = Array.from({ length: times }, () => timed(work)).sort((a, b) => a - b);
  return all[Math.floor(times / 2)] ?? 0;
}
