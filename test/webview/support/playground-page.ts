import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { keepAnswer } from '../../../src/extension/panels/playground/keep-answer.ts';
import { PlaygroundFeed } from '../../../src/extension/panels/playground/playground-feed.ts';
import { playgroundHtml } from '../../../src/extension/panels/playground/playground-html.ts';
import { initialState } from '../../../src/extension/panels/playground/playground-state.ts';
import type {
  AskProgress,
  FromPlayground,
  PlaygroundSource,
  ToPlayground,
} from '../../../src/protocol/playground.ts';
import { TrainerChild } from '../../../src/runs/trainer-child.ts';
import { TUNEBOOK } from '../../cli/support/tunebook.ts';
import { startHost } from './host-page.ts';
import { readTheme, type Theme, type ThemeName } from './themes.ts';

const ORIGIN = 'https://panel.test';
const SCRIPT = new URL('../../../dist/playground.webview.js', import.meta.url);

/**
 * The playground in a page of its own: the built script under the real content security policy, the real host side, and a real trainer
 * process. Only VS Code itself is played.
 */
export class PlaygroundPage {
  readonly page: Page;
  readonly workspace: string;
  /** What the page asked of the host, oldest first. */
  readonly received: FromPlayground[] = [];
  /** Errors and warnings that the page printed, and what the trainer's end said. */
  readonly complaints: string[] = [];
  readonly #child: TrainerChild;
  readonly #feed: PlaygroundFeed;
  /** Candidates are looked for only then. */
  #found: Promise<void> | undefined;

  private constructor(page: Page, workspace: string, sources: readonly PlaygroundSource[]) {
    this.page = page;
    this.workspace = workspace;
    this.#child = new TrainerChild({
      trainer: TUNEBOOK,
      args: ['playground', '--stdio'],
      log: (message) => this.complaints.push(message),
      // SAFETY: the trainer sends this one notification only.
      onNotification: (_, params) => this.#feed.progress(params as AskProgress),
    });
    this.#feed = new PlaygroundFeed({
      workspace,
      sources,
      trainer: this.#child,
      post: (message) => void this.send(message),
    });
  }

  static async open(
    browser: Browser,
    workspace: string,
    sources: PlaygroundSource[],
    {
      width = 1000,
      height = 800,
      theme = 'dark-2026',
      found,
    }: { width?: number; height?: number; theme?: ThemeName; found?: Promise<void> } = {},
  ): Promise<PlaygroundPage> {
    const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    const playground = new PlaygroundPage(page, workspace, sources);
    playground.#found = found;
    page.on('pageerror', (error) => playground.complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) playground.complaints.push(message.text());
    });
    await page.exposeFunction('toHost', (message: FromPlayground) => playground.#receive(message));
    await page.addInitScript(startHost, readTheme(theme));
    const html = playgroundHtml(
      `${ORIGIN}/playground.webview.js`,
      'bm9uY2U',
      initialState(workspace, sources),
    );
    await page.route(`${ORIGIN}/**`, (route) =>
      route.request().url().endsWith('.js')
        ? route.fulfill({ contentType: 'text/javascript', body: readFileSync(SCRIPT) })
        : route.fulfill({ contentType: 'text/html', body: html }),
    );
    await page.goto(`${ORIGIN}/`);
    await (found ? page.getByLabel(/^Message/) : page.locator('.candidate').first()).waitFor();
    return playground;
  }

  async send(message: ToPlayground): Promise<void> {
    // A page that has been closed meanwhile wants nothing any more.
    await this.page.evaluate((data) => window.postMessage(data), message).catch(() => undefined);
  }

  async add(...sources: PlaygroundSource[]): Promise<void> {
    await this.#feed.add(sources);
  }

  /** Asks, and resolves when every candidate has answered. */
  async ask(text: string): Promise<void> {
    const turns = this.page.locator('.turn');
    const before = await turns.count();
    await this.page.getByLabel(/^Message/).fill(text);
    await this.page.keyboard.press('Enter');
    await turns.nth(before).locator('.question', { hasText: text }).waitFor();
    // The toolkit renames a button a moment later than the page draws, so the button that asks does not tell.
    await this.page.locator('.answer[aria-busy=true]').first().waitFor({ state: 'detached' });
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.page.evaluate((theme) => {
      document.dispatchEvent(new CustomEvent('host-theme', { detail: theme }));
    }, theme);
    // The toolkit looks at the theme anew after a moment.
    await this.page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 140));
      await new Promise((resolve) => requestAnimationFrame(resolve));
    });
  }

  async screenshot(name: string): Promise<void> {
    const path = new URL(`../../../artifacts/webview/${name}.png`, import.meta.url).pathname;
    await this.page.screenshot({ path });
  }

  async close(): Promise<void> {
    this.#feed.dispose();
    await this.#child.dispose();
    await this.page.close();
  }

  async #receive(message: FromPlayground): Promise<void> {
    this.received.push(message);
    if (message.type === 'ready') await this.#found;
    await this.#feed.receive(message, (task) => {
      if (task.type !== 'keep') return;
      const { kind, turn, candidate } = task;
      const { data, rows } = keepAnswer(this.workspace, task, { folder: this.workspace });
      void this.send({
        type: 'kept',
        kind,
        turn,
        candidate,
        rows,
        file: data.slice(this.workspace.length + 1),
      });
    });
  }
}
