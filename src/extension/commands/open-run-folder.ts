import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';

/** `Tunebook: Open Run Folder`: shows the run directory, in the system's file manager where there is one. */
export async function openRunFolder(services: Services, id?: unknown): Promise<void> {
  const run = await pickRun(services, id, { title: 'Open Run Folder', none: 'Nothing has run here yet.' });
  if (!run) return;
  const isLocalDesktop = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  const command = isLocalDesktop ? 'revealFileInOS' : 'revealInExplorer';
  await vscode.commands.executeCommand(command, vscode.Uri.file(run.dir));
}
