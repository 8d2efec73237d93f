import * as vscode from 'vscode';
import { cellOf } from '../notebook/find-cell.ts';
import { findPrompts, type Section } from '../runs/runnable.ts';

/** `Preview` and `Try` over a prompt of a config. */
export function promptLenses(uri: vscode.Uri, prompt: Section<'prompt'>): vscode.CodeLens[] {
  const { kind, name, line } = prompt;
  const range = new vscode.Range(line, 0, line, kind.length);
  const lens = (title: string, tooltip: string, command: string) =>
    new vscode.CodeLens(range, { title, tooltip, command, arguments: [uri, name] });
  return [
    lens('$(open-preview) Preview', `What ${name} asks, row by row`, 'tunebook.previewPrompt'),
    lens('$(beaker) Try on 50 Rows', `All prompts of this file, compared`, 'tunebook.tryPrompts'),
  ];
}

/** The same over the prompts in the cells of a notebook; what else a cell holds has the button of the cell. */
export const cellPromptLenses: vscode.CodeLensProvider = {
  provideCodeLenses(document) {
    if (!vscode.workspace.isTrusted) return [];
    const prompts = findPrompts(document.getText());
    const cell = prompts.length > 0 ? cellOf(document) : undefined;
    return cell ? prompts.flatMap((prompt) => promptLenses(cell.notebook.uri, prompt)) : [];
  },
};
