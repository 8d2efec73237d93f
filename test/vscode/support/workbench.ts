import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { ARTIFACTS } from './places.ts';
import type { Server } from './server.ts';

/** One window of VS Code, driven as a person does: by keys, the palette, and what can be seen. */
export class Workbench {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens a folder in a new window and resolves when the explorer or the welcome shows. */
  static async open(browser: Browser, server: Server, folder: string): Promise<Workbench> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
    const page = await context.newPage();
    const workbench = new Workbench(page);
    await page.goto(server.url(folder));
    await workbench.ready();
    return workbench;
  }

  /** Reloads the window, as `Developer: Reload Window` does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Runs a command by its title in the command palette. */
  async command(title: string): Promise<void> {
    await this.openQuickInput('F1');
    await this.type(`>${title}`);
    await this.pick(title);
  }

  /** Opens a file of the folder by its path in it. */
  async openFile(path: string): Promise<void> {
    await this.openQuickInput('Control+p');
    await this.type(path);
    const name = path.split('/').at(-1) ?? path;
    await this.pick(name);
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  /** Chooses a row of the quick input that shows, by a text in it. */
  async pick(text: string): Promise<void> {
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click();
  }

  /** Replaces what stands in the quick input. */
  async type(text: string): Promise<void> {
    await this.page.locator('.quick-input-widget:visible input[type=text]').fill(text);
  }

  /** Shows the Tunebook container of the activity bar. */
  async showRuns(): Promise<void> {
    const title = this.sideBar.getByRole('heading', { name: 'Tunebook' });
    if (await title.isVisible()) return;
    await this.page.locator('.activitybar').getByRole('tab', { name: 'Tunebook' }).click();
    await title.waitFor();
  }

  /** The side bar. */
  get sideBar(): Locator {
    return this.page.locator('.part.sidebar');
  }

  /** What the Runs view says while it has nothing to list. */
  get welcome(): Locator {
    return this.sideBar.locator('.welcome-view-content');
  }

  /** A row of the Runs view. Its label reads `run intents-lora, running, 40 % · loss 0.43 · 12 s left`. */
  run(name: string): Locator {
    return this.page.getByRole('treeitem', { name: new RegExp(`^(run|evaluation) ${name},`) });
  }

  /** The lines of the active editor as they are painted, from the top of the window. */
  get lines(): Locator {
    return this.page.locator('.editor-instance .view-line');
  }

  /** Underlines of problems in the active editor. */
  squiggles(severity: 'error' | 'warning' = 'error'): Locator {
    return this.page.locator(`.editor-instance .view-overlays .squiggly-${severity}`);
  }

  /** Holds the mouse over a text of the active editor and gives the hover that shows. */
  async hover(text: string): Promise<Locator> {
    const hover = this.page.locator('.monaco-hover:visible');
    await this.page.mouse.move(0, 0);
    await this.lines.getByText(text, { exact: true }).first().hover();
    await hover.first().waitFor();
    return hover.first();
  }

  /** What a webview shows (the metrics panel). */
  get webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
  }

  /** An item of the status bar, by a text in it. */
  statusItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  /** A notification, by a text in it. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item', { hasText: text });
  }

  /** Keeps a picture of the window as `artifacts/vscode/NAME.png`. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(ARTIFACTS, { recursive: true });
    await this.page.screenshot({ path: join(ARTIFACTS, `${name}.png`) });
  }

  private async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    await this.page
      .locator('.explorer-folders-view .monaco-list-row, .pane-body .welcome-view-content')
      .first()
      .waitFor({
        timeout: 30_000,
      });
  }

  private async openQuickInput(key: string): Promise<void> {
    await this.page.keyboard.press(key);
    await this.page.locator('.quick-input-widget:visible input[type=text]').waitFor();
  }
}
