import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import { resolvedUri, RESOLVED_SCHEME } from '../language/resolved-view.ts';
import type { Services } from '../services.ts';

/**
 * `Tunebook: Show Resolved Config`: the config beside itself with what it inherits, its defaults and its paths.
 * @throws TunebookError `config/none-open` where no config is open.
 */
export async function showResolvedConfig(_services: Services, uri?: unknown): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const active = editor?.document.languageId === 'tune' ? editor.document.uri : undefined;
  const config = uri instanceof vscode.Uri ? uri : active;
  if (!config)
    throw new TunebookError('config/none-open', 'No run config is open.', {
      hint: 'Open a *.tune.yaml file first.',
    });
  if (config.scheme === RESOLVED_SCHEME) return;
  const document = await vscode.workspace.openTextDocument(resolvedUri(config));
  const viewColumn = vscode.ViewColumn.Beside;
  await vscode.window.showTextDocument(document, { viewColumn, preserveFocus: true, preview: true });
}
