import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import type { Services } from '../services.ts';

/** `Tunebook: Open as Notebook`: shows a `*.tunebook.md` with its cells, in place of its Markdown where that is open; what was typed there is saved. */
export async function openNotebook(_: Services, uri?: unknown): Promise<void> {
  const target = uri instanceof vscode.Uri ? uri : vscode.window.activeTextEditor?.document.uri;
  if (!target?.path.endsWith('.tunebook.md')) {
    throw new TunebookError('notebook/not-one', 'This file is no experiment notebook.', {
      hint: 'A notebook is a Markdown file that is called NAME.tunebook.md.',
    });
  }
  const key = target.toString();
  const open = vscode.workspace.textDocuments.find(({ uri: each }) => each.toString() === key);
  if (open?.isDirty && !(await open.save())) return;
  const texts = vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === key);
  await vscode.commands.executeCommand('vscode.openWith', target, 'tunebook');
  // Two editors of one file, of which each knows nothing of what is typed in the other, are one too many.
  await vscode.window.tabGroups.close(texts, true);
}
