import * as vscode from 'vscode';
import { PROMPTS_REQUEST, type PromptsParams, type PromptsResult } from '../../protocol/language-server.ts';
import { followConfigs } from './follow-configs.ts';
import type { Language } from './language.ts';

/** The scheme of read-only documents that show what models are asked by the prompts of a config. */
export const PROMPTS_SCHEME = 'tunebook-prompts';

/** What is shown of a config. */
interface Shown {
  /** The prompt that stands first. */
  readonly name: string | undefined;
  /** From 0. */
  readonly row: number;
}

/** Shows prompts filled with a row of their data, and follows while the config is edited. */
export class PromptsView
  implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable
{
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #language: Language;
  readonly #following: vscode.Disposable;
  /** By the URI of the config. */
  readonly #shown = new Map<string, Shown>();

  constructor(language: Language) {
    this.#language = language;
    this.#following = followConfigs(PROMPTS_SCHEME, (uri) => this.#changed.fire(uri));
  }

  /**
   * Opens the view of a config beside it, or shows another prompt first in the one that is open.
   * @param name the prompt that stands first
   */
  async show(config: vscode.Uri, name: string | undefined): Promise<void> {
    const row = this.#shown.get(config.toString())?.row ?? 0;
    const view = viewOf(config);
    this.#set(view, { name, row });
    const document = await vscode.workspace.openTextDocument(view);
    const viewColumn = vscode.ViewColumn.Beside;
    await vscode.window.showTextDocument(document, { viewColumn, preserveFocus: true, preview: true });
  }

  /** Fills the prompts of a view with another row. */
  async move(view: vscode.Uri, by: 'next' | 'previous' | 'ask'): Promise<void> {
    const shown = this.#of(view);
    const row = by === 'ask' ? await askRow(shown.row) : shown.row + (by === 'next' ? 1 : -1);
    if (row !== undefined && row >= 0) this.#set(view, { ...shown, row });
  }

  async provideTextDocumentContent(view: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const { name, row } = this.#of(view);
    const params: PromptsParams = { uri: view.query, row, ...(name !== undefined && { name }) };
    const result = await this.#language.ask<PromptsResult>(PROMPTS_REQUEST, params, token);
    if (result.text === undefined)
      return 'The config is not open any more. Open it, and this view follows.\n';
    // The data may have fewer rows than were asked for.
    if (this.#of(view).row === row) this.#shown.set(view.query, { name, row: result.row });
    return result.text;
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { uri } = document;
    const range = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, command: string, args: unknown[] = [uri]) =>
      new vscode.CodeLens(range, { title, command, arguments: args });
    const name = /^# (.*)$/.exec(document.lineAt(0).text)?.[1];
    return [
      lens('$(arrow-up) Previous Row', 'tunebook.previousPromptRow'),
      lens('$(arrow-down) Next Row', 'tunebook.nextPromptRow'),
      lens('Go to Row…', 'tunebook.goToPromptRow'),
      ...(name === undefined
        ? []
        : [lens('$(beaker) Try on 50 Rows', 'tunebook.tryPrompts', [configOf(uri), name])]),
    ];
  }

  dispose(): void {
    this.#following.dispose();
    this.#changed.dispose();
  }

  #of(view: vscode.Uri): Shown {
    return this.#shown.get(view.query) ?? { name: undefined, row: 0 };
  }

  #set(view: vscode.Uri, shown: Shown): void {
    this.#shown.set(view.query, shown);
    this.#changed.fire(view);
  }
}

/** The config that a view shows the prompts of. */
export function configOf(view: vscode.Uri): vscode.Uri {
  return vscode.Uri.parse(view.query);
}

function viewOf(config: vscode.Uri): vscode.Uri {
  const path = config.path.replace(/(\.tune\.ya?ml|\.tunebook\.md)?$/, ' (prompts)');
  return vscode.Uri.from({ scheme: PROMPTS_SCHEME, path, query: config.toString() });
}

/** @returns the row, from 0; undefined where the person thought better of it */
async function askRow(row: number): Promise<number | undefined> {
  const answer = await vscode.window.showInputBox({
    title: 'Go to Row',
    prompt: 'The number of the row, from 1. The last row is shown for a larger one.',
    value: String(row + 1),
    validateInput: (text) =>
      /^\s*[1-9]\d{0,8}\s*$/.test(text) ? undefined : 'Type a whole number from 1 on.',
  });
  return answer === undefined ? undefined : Number(answer) - 1;
}
