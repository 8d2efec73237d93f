import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { CompareFeed } from '../../../src/extension/panels/compare/compare-feed.ts';
import { compareHtml } from '../../../src/extension/panels/compare/compare-html.ts';
import { INITIAL_QUERY } from '../../../src/extension/panels/compare/compare-state.ts';
import type { FromComparePanel, ToComparePanel } from '../../../src/protocol/compare.ts';
import { startHost } from './host-page.ts';
import { readTheme, type Theme, type ThemeName } from './themes.ts';

const ORIGIN = 'https://panel.test';
const SCRIPT = new URL('../../../dist/compare.webview.js', import.meta.url);

/**
 * The comparison panel in a page of its own: the built script under the real content security policy, fed by the real host side from the
 * directory of an evaluation. Only VS Code itself is played.
 */
export class ComparePage {
  readonly page: Page;
  readonly feed: CompareFeed;
  /** What the page asked of the host, oldest first. */
  readonly received: FromComparePanel[] = [];
  /** Errors and warnings that the page printed. */
  readonly complaints: string[] = [];
  readonly #answers = new Set<Promise<void>>();

  private constructor(page: Page, feed: CompareFeed) {
    this.page = page;
    this.feed = feed;
  }

  static async open(
    browser: Browser,
    dir: string,
    options: { theme?: ThemeName; width?: number; height?: number; read?: boolean } = {},
  ): Promise<ComparePage> {
    const { theme = 'dark-2026', width = 1200, height = 900, read = true } = options;
    const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    const runId = dir.split(/[\\/]/).at(-1) ?? '';
    const feed = new CompareFeed(dir, { runId, name: 'is-it-worth-it', query: { ...INITIAL_QUERY } });
    const panel = new ComparePage(page, feed);
    page.on('pageerror', (error) => panel.complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) panel.complaints.push(message.text());
    });
    await page.exposeFunction('toHost', (message: FromComparePanel) => panel.#receive(message));
    await page.addInitScript(startHost, readTheme(theme));
    const html = compareHtml(`${ORIGIN}/compare.webview.js`, 'bm9uY2U', {
      runId,
      dir,
      query: { ...INITIAL_QUERY },
    });
    await page.route(`${ORIGIN}/**`, (route) =>
      route.request().url().endsWith('.js')
        ? route.fulfill({ contentType: 'text/javascript', body: readFileSync(SCRIPT) })
        : route.fulfill({ contentType: 'text/html', body: html }),
    );
    await page.goto(`${ORIGIN}/`);
    await page.locator('#compare > *').first().waitFor();
    if (read) while (feed.read(50));
    await panel.push();
    return panel;
  }

  /** Sends what is new, and resolves when it is drawn. */
  async push(): Promise<void> {
    await this.send(this.feed.takeUpdate());
    await this.settle();
  }

  async send(messages: readonly ToComparePanel[]): Promise<void> {
    for (const data of messages) await this.page.evaluate((data) => window.postMessage(data), data);
  }

  /** Resolves when wishes of the page were answered and everything is drawn. */
  async settle(): Promise<void> {
    for (let answered = -1; answered !== this.received.length;) {
      await Promise.all(this.#answers);
      answered = this.received.length;
      await this.page.evaluate(async () => {
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        await frame();
        await new Promise((resolve) => setTimeout(resolve, 140));
        await frame();
      });
    }
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.page.evaluate((theme) => {
      document.dispatchEvent(new CustomEvent('host-theme', { detail: theme }));
    }, theme);
    await this.settle();
  }

  /** What was asked last of a kind. */
  last<T extends FromComparePanel['type']>(type: T): Extract<FromComparePanel, { type: T }> | undefined {
    const found = this.received.findLast((message) => message.type === type);
    // SAFETY: it has just been found by its type.
    return found as Extract<FromComparePanel, { type: T }> | undefined;
  }

  async screenshot(name: string): Promise<void> {
    const path = new URL(`../../../artifacts/webview/${name}.png`, import.meta.url).pathname;
    await this.page.screenshot({ path });
  }

  async close(): Promise<void> {
    this.feed.dispose();
    await this.page.close();
  }

  #receive(message: FromComparePanel): void {
    this.received.push(message);
    const messages = this.feed.receive(message, () => undefined);
    const answer = this.send(messages).finally(() => this.#answers.delete(answer));
    this.#answers.add(answer);
  }
}
