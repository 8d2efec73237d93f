import type * as vscode from 'vscode';
import { join } from 'node:path';

/** The folder for what a trainer prints before its run directory exists. */
export function launchLogs(context: vscode.ExtensionContext): string {
  return join(context.globalStorageUri.fsPath, 'launches');
}
