import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';

/**
 * Saves a config that the trainer is to read.
 * @throws TunebookError `launch/untrusted`, `launch/not-on-disk`
 */
export async function saveConfig(uri: vscode.Uri): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new TunebookError('launch/untrusted', 'Nothing is run in a folder that you do not trust.', {
      hint: 'Use "Workspaces: Manage Workspace Trust" first.',
    });
  if (uri.scheme !== 'file')
    throw new TunebookError('launch/not-on-disk', 'This config is not a file on disk yet.', {
      hint: 'Save it first.',
    });
  await vscode.workspace.save(uri);
}
