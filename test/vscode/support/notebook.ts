import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { readNotebook } from '../../../src/language/notebook/read-notebook.ts';
import type { Session } from './session.ts';
import { until } from './until.ts';

/** Milliseconds for which a file may be empty while it is saved. */
const MOMENT = 5000;

/** A notebook of a session's workspace, as a person sees it and as its file holds it. */
export class NotebookEditor {
  readonly #code: Pick<Session, 'window' | 'workspace'>;
  readonly #name: string;

  /** @param name its path in the workspace */
  constructor(code: Pick<Session, 'window' | 'workspace'>, name: string) {
    this.#code = code;
    this.#name = name;
  }

  /** What the file holds. VS Code empties it for a moment whenever it saves; only a file that stays empty is told as one. */
  get text(): string {
    const end = Date.now() + MOMENT;
    for (;;) {
      const text = readFileSync(join(this.#code.workspace, this.#name), 'utf8');
      if (text !== '' || Date.now() > end) return text;
    }
  }

  /** What the file holds but for results. */
  get bare(): string {
    return withoutResults(this.text);
  }

  /** The result of each cell with its marks, as the file holds it; empty where there is none. */
  get results(): string[] {
    const { text } = this;
    return readNotebook(text).cells.map(({ output }) => (output ? text.slice(output.start, output.end) : ''));
  }

  /** Opens the file by its name, and waits for its cells. */
  async open(): Promise<void> {
    const { window } = this.#code;
    await window.pickFile(this.#name);
    await this.lines().first().waitFor();
  }

  /**
   * Saves, and waits until the file is written. Not until its tab is no longer marked as unsaved: in a browser VS Code saves by itself,
   * and marks none. Whoever asks for it gets it written also where nothing has changed.
   */
  async save(): Promise<void> {
    const written = () => statSync(join(this.#code.workspace, this.#name)).mtimeMs;
    const before = written();
    await this.#code.window.page.keyboard.press('Control+s');
    await until('the notebook is written', () => written() !== before && this.text !== '');
  }

  /** Runs all cells up to the end of the last one that is run. */
  async runAll(): Promise<void> {
    // Looks from before they begin: few cells end in less than a second.
    await Promise.all([this.begun(), this.#code.window.command('Notebook: Run All')]);
    await this.ended();
  }

  /** Waits until a cell is run. */
  async begun(): Promise<void> {
    await this.#interrupt.waitFor();
  }

  /** Waits until no cell is run any more. */
  async ended(seconds = 600): Promise<void> {
    await this.#interrupt.waitFor({ state: 'hidden', timeout: seconds * 1000 });
  }

  /** Interrupts what is run. */
  async interrupt(): Promise<void> {
    await this.#interrupt.click();
    await this.ended();
  }

  /** Lines of cells that are painted, with this text. VS Code keeps the editors of notebooks that were closed. */
  lines(text = ''): Locator {
    return this.#shown('.cell.code .view-line').filter({ hasText: text });
  }

  /** Items of status bars of cells that say this; of those cells that show. */
  marked(words: string): Locator {
    return this.#shown('.cell-status-item').filter({ hasText: words });
  }

  /** What stands below cells, in the page that VS Code makes for all results of a notebook. */
  output(text: string | RegExp): Locator {
    return this.#code.window.webview.locator('.output', { hasText: text });
  }

  /** Replaces a word of a cell, as a person does with a double click. */
  async retype(line: string, word: string, by: string): Promise<void> {
    const place = this.lines(line).first();
    await place.scrollIntoViewIfNeeded();
    await place.getByText(word, { exact: true }).first().dblclick();
    await this.#code.window.page.keyboard.type(by);
    await this.#code.window.page.keyboard.press('Escape');
  }

  get #interrupt(): Locator {
    return this.#code.window.page.getByRole('button', { name: /^Interrupt/ });
  }

  #shown(selector: string): Locator {
    return this.#code.window.page.locator(`.notebook-editor ${selector}:not([inert] *)`);
  }
}

/** A notebook without its results. */
export function withoutResults(text: string): string {
  return readNotebook(text).cells.reduceRight(
    (current, { end, output }) => (output ? current.slice(0, end) + current.slice(output.end) : current),
    text,
  );
}
