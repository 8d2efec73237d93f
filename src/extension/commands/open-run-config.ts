import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import { configOf } from '../../runs/workspace.ts';
import { findRunnables } from '../runs/runnable.ts';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';

/** `Tunebook: Open Config of Run`: the document that a run was started from, as it is now. */
export async function openRunConfig(services: Services, id?: unknown): Promise<void> {
  const run = await pickRun(services, id, { title: 'Open Config of Run', none: 'Nothing has run here yet.' });
  if (!run) return;
  const document = await open(configOf(run));
  const runnables = findRunnables(document.getText());
  const line = runnables.find(({ kind, name }) => kind === run.kind && name === run.name)?.line ?? 0;
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(line, 0, line, 0) });
}

async function open(file: string): Promise<vscode.TextDocument> {
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  } catch (cause) {
    throw new TunebookError('run/no-config', `The config of this run is no longer at ${file}.`, {
      hint: 'Its resolved form stands in run.json of the run folder.',
      cause,
    });
  }
}
