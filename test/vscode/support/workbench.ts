import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { ARTIFACTS } from './places.ts';
import type { Server } from './server.ts';
import { THEMES } from './themes.ts';
import { PATIENCE, until } from './until.ts';

/** One window of VS Code, driven as a person does: by keys, the palette, and what can be seen. */
export class Workbench {
  readonly page: Page;
  /** What the console said about blocked content, and about errors in our own code. */
  readonly faults: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(1000 * PATIENCE);
    page.on('console', (message) => {
      if (message.type() === 'error' && isOurFault(message.text())) this.faults.push(message.text());
    });
  }

  /** Opens a folder in a new window and resolves when its side bar shows. */
  static async open(browser: Browser, server: Server, folder: string): Promise<Workbench> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
    const page = await context.newPage();
    const workbench = new Workbench(page);
    await page.goto(server.url(folder));
    await workbench.ready();
    return workbench;
  }

  /** Reloads the window by its command, which first keeps what is open. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.command('Developer: Reload Window');
    await loaded;
    await this.ready();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Runs a command by its title in the command palette, as soon as the window knows it. */
  async command(title: string): Promise<void> {
    await this.choose('F1', `>${title}`, { row: title, milliseconds: 1500 });
  }

  /** Puts the keyboard into the left editors, beside which the metrics are. */
  async focusEditors(): Promise<void> {
    await this.page.locator('.editor-group-container').first().locator('.tab.active').click();
  }

  /** Opens a text file of the folder by its path in it. */
  async openFile(path: string): Promise<void> {
    await this.pickFile(path);
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  /** Opens a file of the folder by its path in it, with whatever editor it has. */
  async pickFile(path: string): Promise<void> {
    const name = path.split('/').at(-1) ?? path;
    await this.choose('Control+p', path, { row: name, milliseconds: 6000 });
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  /** Chooses a row of the quick input that shows, by a text in it. */
  async pick(text: string, seconds = PATIENCE): Promise<void> {
    await this.quickRow(text).click({ timeout: seconds * 1000 });
  }

  /** Waits until the quick input has a row with this text. */
  async hasPick(text: string): Promise<void> {
    await this.quickRow(text).waitFor();
  }

  /** The panel below the editors: terminal, problems, output. */
  get panel(): Locator {
    return this.page.locator('.part.panel');
  }

  /** Starts a run whose plan the quick input shows; it need not have been made yet. */
  async startPlanned(name: string, seconds = PATIENCE): Promise<void> {
    await this.pick(`Start ${name}`, seconds);
  }

  /** Replaces what stands in the quick input. */
  async type(text: string): Promise<void> {
    await this.quickInput.fill(text);
  }

  /**
   * Answers a file dialog, which in the browser is a quick input that first fills itself in: it may do so late, but says by then that it
   * is busy, which takes it 800 ms.
   */
  async typePath(path: string): Promise<void> {
    const busy = this.page.locator('.quick-input-widget:visible .monaco-progress-container.active');
    for (let same = 0; same < 5;) {
      if ((await busy.count()) > 0) same = 0;
      else if ((await this.quickInput.inputValue()) === path) same++;
      else {
        await this.quickInput.fill(path);
        same = 0;
      }
      await this.page.waitForTimeout(250);
    }
  }

  /** Shows the Tunebook container of the activity bar. */
  async showRuns(): Promise<void> {
    const title = this.sideBar.getByRole('heading', { name: 'Tunebook' });
    if (await title.isVisible()) return;
    // A window that is just showing the container again hides it at a click, and shows it at the next one.
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: 'Tunebook' });
    await this.bring(title, () => tab.click());
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

  /** `Run` and `Evaluate` above the documents of the active editor. */
  get lenses(): Locator {
    return this.page.locator('.editor-instance .codelens-decoration a');
  }

  /** A file in the explorer. */
  file(name: string): Locator {
    return this.page.locator('.explorer-folders-view').getByRole('treeitem', { name }).first();
  }

  /**
   * The commands that the palette offers for a text, of those whose title holds it. The palette is first asked for a command that is
   * always there: what it lists then is the answer to the text, and not what it showed before.
   */
  async commandsLike(text: string): Promise<string[]> {
    const sure = 'Preferences: Open User Settings';
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const listed = rows.locator('.label-name', { hasText: sure }).first();
    await this.openQuickInput('F1');
    await this.type(`>${sure}`);
    await listed.waitFor();
    await this.type(`>${text}`);
    await listed.waitFor({ state: 'detached' });
    await rows.first().waitFor();
    const titles = await rows.locator('.label-name').allInnerTexts();
    await this.page.keyboard.press('Escape');
    return titles.filter((title) => title.includes(text));
  }

  /** Replaces the first such word of the active editor by typing. */
  async replaceWord(word: string, by: string): Promise<void> {
    await this.selectWord(word);
    await this.page.keyboard.type(by);
    await this.placeOf(by);
    await this.dismissSuggestions();
  }

  /** Puts the cursor to the end of a word, asks for completions there and takes one, with a picture of what is offered. */
  async completeWord(word: string, completion: string, picture: string): Promise<void> {
    await this.selectWord(word);
    await this.page.keyboard.press('ArrowRight');
    await this.page.keyboard.press('Control+Space');
    const row = this.page
      .locator('.suggest-widget.visible .monaco-list-row', { hasText: completion })
      .first();
    await row.waitFor();
    await this.screenshot(picture);
    await row.click();
  }

  /** Puts the cursor on the line of a text that the open file holds. */
  async goTo(content: string, text: string): Promise<void> {
    const line = content.split('\n').findIndex((one) => one.includes(text)) + 1;
    if (line === 0) throw new Error(`The file does not hold ${JSON.stringify(text)}.`);
    await this.openQuickInput('Control+g');
    await this.type(`:${line}`);
    await this.page.keyboard.press('Enter');
    await this.placeOf(text);
  }

  /** The lens over a document that the editor shows, by what it says when the mouse is over it: `Train intents-lora`. */
  lens(title: string): Locator {
    return this.page.locator(`.editor-instance .codelens-decoration a[title="${title}"]`);
  }

  /** Clicks a lens until its editor is there: lenses are drawn anew while facts come in, which may take a click away. */
  async openByLens(lens: Locator, tab: string): Promise<void> {
    await until(`${tab} is open`, async () => {
      await lens.click();
      return succeeds(this.tab(tab).waitFor({ timeout: 15_000 }));
    });
  }

  /** Does something in every theme, the one that the window started with last. */
  async inThemes(look: (theme: string) => Promise<void>): Promise<void> {
    const [first, ...others] = Object.entries(THEMES);
    for (const [name, { label, css }] of [...others, ...(first ? [first] : [])]) {
      await this.command('Preferences: Color Theme');
      await this.type(label);
      await this.pick(label);
      await this.page.locator(`.monaco-workbench.${css}`).waitFor();
      await look(name);
    }
  }

  /** Does something that breaks the config, and waits for a new underline of an error. */
  async squiggleAfter(change: () => Promise<void>): Promise<void> {
    const before = await this.squiggles().count();
    await change();
    await this.squiggles().nth(before).waitFor();
  }

  /** The lines of the active editor as they are painted, from the top of the window. */
  get lines(): Locator {
    return this.page.locator('.editor-instance .view-line');
  }

  /** Underlines of problems in the active editor. */
  squiggles(severity: 'error' | 'warning' = 'error'): Locator {
    return this.page.locator(`.editor-instance .view-overlays .squiggly-${severity}`);
  }

  /** Holds the mouse over a text of the active editor until a hover shows that says something, and gives that. */
  async hover(text: string, says: string | RegExp): Promise<Locator> {
    return this.bring(this.page.locator('.monaco-hover:visible', { hasText: says }).first(), async () => {
      await this.page.mouse.move(0, 0);
      const { x, y } = await this.placeOf(text);
      await this.page.mouse.move(x, y);
    });
  }

  /**
   * Repeats a gesture until it brings what it is for, and gives that: a key is lost while the workbench moves the focus or a webview
   * has it, and a movement of the mouse while lines still move.
   */
  async bring(shown: Locator, gesture: () => Promise<unknown>): Promise<Locator> {
    await until(`${String(shown)} shows`, async () => {
      await gesture();
      return appears(shown, 6000);
    });
    return shown;
  }

  /** The tab of an editor or a panel. */
  tab(title: string): Locator {
    return this.page.locator('.tabs-container').getByRole('tab', { name: title });
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

  /** Closes an editor that VS Code shows as a dialog over the window (workspace trust, running extensions). */
  async closeDialog(): Promise<void> {
    const dialog = this.page.locator('.monaco-modal-editor-block');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Keeps a picture of the window as `artifacts/vscode/NAME.png`. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(ARTIFACTS, { recursive: true });
    // Hovers, dialogs and lists fade in.
    await this.page.waitForTimeout(400);
    await this.page.screenshot({ path: join(ARTIFACTS, `${name}.png`) });
  }

  /** The middle of the first place where a text stands in what the active editor shows. */
  async placeOf(text: string): Promise<{ x: number; y: number }> {
    return until(`the editor shows ${JSON.stringify(text)}`, () =>
      this.lines.evaluateAll(middleOfText, text),
    );
  }

  /** A double click selects a word, once the window has come to rest: until then clicks may be lost or fall beside it. */
  private async selectWord(word: string): Promise<void> {
    const selected = this.statusItem(`(${word.length} selected)`);
    await until(`${word} is selected`, async () => {
      const { x, y } = await this.placeOf(word);
      await this.page.mouse.dblclick(x, y);
      return appears(selected, 2000);
    });
  }

  /** Suggestions come some time after what was typed; without waiting for them they would cover what is looked at. */
  private async dismissSuggestions(): Promise<void> {
    const widget = this.page.locator('.suggest-widget.visible');
    if (await appears(widget, 2000)) await this.page.keyboard.press('Escape');
  }

  private get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible input[type=text]');
  }

  private quickRow(text: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  private async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
    await this.sideBar.locator('.pane-body').first().waitFor();
  }

  /**
   * Types into the quick input that a key opens, and takes a row of it. A window that is just filling its views may take the focus away,
   * which closes it: then this begins anew.
   */
  private async choose(
    key: string,
    typed: string,
    { row, milliseconds }: { row: string; milliseconds: number },
  ): Promise<void> {
    const found = this.quickRow(row);
    for (let tries = 0; tries < 10; tries++) {
      await this.openQuickInput(key);
      const isThere =
        (await succeeds(this.quickInput.fill(typed, { timeout: 3000 }))) &&
        (await appears(found, milliseconds));
      if (isThere && (await succeeds(found.click({ timeout: 10_000 })))) return;
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`The quick input does not offer ${row} for ${typed}.`);
  }

  private async openQuickInput(key: string): Promise<void> {
    await this.bring(this.quickInput, () => this.page.keyboard.press(key));
  }
}

/** A lens that VS Code is just renewing has no command for a moment (see `startByLens`); nobody but VS Code can change that. */
function isOurFault(text: string): boolean {
  return /Content.Security.Policy|tunebook/i.test(text) && !text.includes('Actual command not found');
}

async function appears(locator: Locator, milliseconds: number): Promise<boolean> {
  return await succeeds(locator.waitFor({ timeout: milliseconds }));
}

export async function succeeds(action: Promise<unknown>): Promise<boolean> {
  return action.then(
    () => true,
    () => false,
  );
}

/** Runs in the page. The painted lines hold no-break spaces, and a word may be cut into several elements. */
function middleOfText(lines: Element[], text: string): { x: number; y: number } | undefined {
  for (const line of lines) {
    const start = line.textContent.replaceAll('\u00a0', ' ').indexOf(text);
    if (start < 0) continue;
    const range = document.createRange();
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let passed = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const length = node.textContent?.length ?? 0;
      if (passed <= start && start < passed + length) range.setStart(node, start - passed);
      const end = start + text.length;
      if (passed < end && end <= passed + length) {
        range.setEnd(node, end - passed);
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
      passed += length;
    }
  }
  return undefined;
}
