import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import type { Services } from '../services.ts';

/** `Tunebook: Open as Notebook`: shows a `*.tunebook.md` that is open as Markdown with its cells. */
export async function openNotebook(_: Services, uri?: unknown): Promise<void> {
  const target = uri instanceof vscode.Uri ? uri : vscode.window.activeTextEditor?.document.uri;
  if (!target?.path.endsWith('.tunebook.md')) {
    throw new TunebookError('notebook/not-one', 'This file is no experiment notebook.', {
      hint: 'A notebook is a Markdown file that is called NAME.tunebook.md.',
    });
  }
  await vscode.commands.executeCommand('vscode.openWith', target, 'tunebook');
}
