import * as vscode from 'vscode';
import { TunebookError } from '../protocol/error.ts';

/**
 * Shows an error to the person: the sentence and what to do next. An error with a place offers to open it; a fault of
 * ours is shown as one.
 */
export async function showError(error: unknown): Promise<void> {
  if (!(error instanceof TunebookError)) {
    const text = error instanceof Error ? error.message : String(error);
    await vscode.window.showErrorMessage(`Tunebook failed in a way it should not: ${text}`);
    return;
  }
  const { location } = error;
  const open = location && 'Open File';
  const sentence = [error.message, error.hint].filter(Boolean).join(' ');
  const choice = await vscode.window.showErrorMessage(sentence, ...(open ? [open] : []));
  if (choice === undefined || !location) return;
  const line = Math.max(0, (location.line ?? 1) - 1);
  const column = Math.max(0, (location.column ?? 1) - 1);
  await vscode.window.showTextDocument(vscode.Uri.file(location.file), {
    selection: new vscode.Range(line, column, line, column),
  });
}
