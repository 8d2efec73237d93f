import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { MetricsFeed } from '../../../src/extension/panels/feed.ts';
import { metricsHtml } from '../../../src/extension/panels/metrics-html.ts';
import { INITIAL_STATE } from '../../../src/extension/panels/panel-state.ts';
import type { FromMetricsPanel, MetricsPanelState } from '../../../src/protocol/webview.ts';
import { startHost } from './host-page.ts';
import { readTheme, type Theme, type ThemeName } from './themes.ts';

const ORIGIN = 'https://panel.test';
const SCRIPT = new URL('../../../dist/metrics.webview.js', import.meta.url);

export interface PanelOptions {
  theme?: ThemeName;
  width?: number;
  height?: number;
  state?: Partial<MetricsPanelState>;
}

/**
 * The metrics panel in a page of its own: the built script under the real content security policy, fed by the real host side from
 * run directories. Only VS Code itself is played: theme variables, `acquireVsCodeApi`, and the way messages go.
 */
export class Panel {
  readonly page: Page;
  /** What the page asked of the host, oldest first. */
  readonly received: FromMetricsPanel[] = [];
  /** Errors and warnings that the page printed. */
  readonly complaints: string[] = [];
  readonly #answers = new Set<Promise<void>>();
  readonly #feed = new MetricsFeed(() => ({ searching: false }));

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens the panel for run directories and resolves when it has drawn them. */
  static async open(browser: Browser, dirs: readonly string[], options: PanelOptions = {}): Promise<Panel> {
    const { theme = 'dark-2026', width = 1000, height = 800, state } = options;
    const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    const panel = new Panel(page);
    page.on('pageerror', (error) => panel.complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) panel.complaints.push(message.text());
    });
    const runs = dirs.map((dir) => ({ id: dir.split(/[\\/]/).at(-1) ?? '', dir }));
    panel.#feed.setRuns(runs);
    await page.exposeFunction('toHost', (message: FromMetricsPanel) => panel.#receive(message));
    await page.addInitScript(startHost, readTheme(theme));
    const html = metricsHtml(`${ORIGIN}/metrics.webview.js`, 'bm9uY2U', { ...INITIAL_STATE, runs, ...state });
    await page.route(`${ORIGIN}/**`, (route) =>
      route.request().url().endsWith('.js')
        ? route.fulfill({ contentType: 'text/javascript', body: readFileSync(SCRIPT) })
        : route.fulfill({ contentType: 'text/html', body: html }),
    );
    await page.goto(`${ORIGIN}/`);
    await page.locator('#metrics > *').first().waitFor();
    await panel.settle();
    return panel;
  }

  /** Sends what is new, as the host does four times a second, and resolves when it is drawn. */
  async push(): Promise<void> {
    await this.#send();
    await this.settle();
  }

  /** Resolves when wishes of the page were answered and everything is drawn. */
  async settle(): Promise<void> {
    for (let answered = -1; answered !== this.received.length;) {
      await Promise.all(this.#answers);
      answered = this.received.length;
      await this.page.evaluate(idle);
    }
  }

  /** Changes the theme, as the person does while the panel is open. */
  async setTheme(theme: Theme): Promise<void> {
    await this.page.evaluate((theme) => {
      document.dispatchEvent(new CustomEvent('host-theme', { detail: theme }));
    }, theme);
    await this.settle();
  }

  /** A picture of the whole page. */
  async screenshot(name: string): Promise<void> {
    const path = new URL(`../../../artifacts/webview/${name}.png`, import.meta.url).pathname;
    await this.page.screenshot({ path, fullPage: true });
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  async #send(): Promise<void> {
    while (this.#feed.read(50));
    const update = this.#feed.takeUpdate();
    if (update) await this.page.evaluate((data) => window.postMessage(data), { type: 'update', ...update });
  }

  #receive(message: FromMetricsPanel): void {
    this.received.push(message);
    if (message.type === 'ready') this.#feed.resend();
    if (message.type === 'ready' || message.type === 'view') this.#feed.setView(message.view);
    else if (message.type === 'command' && message.command === 'remove')
      this.#feed.setRuns(this.#feed.runs.filter(({ id }) => id !== message.runId));
    else if (message.type === 'command' && message.command === 'addParent')
      this.#feed.addParent(message.runId);
    else return;
    const answer = this.#send().finally(() => this.#answers.delete(answer));
    this.#answers.add(answer);
  }
}

/** Runs in the page: resolves when it has drawn, and has said what it wishes now (it waits a tenth of a second with that). */
async function idle(): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await new Promise((resolve) => setTimeout(resolve, 110));
  await frame();
}
