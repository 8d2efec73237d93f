import { basename, resolve } from 'node:path';
import * as vscode from 'vscode';
import { runTitle } from '../../../protocol/describe-run.ts';
import { isFinal } from '../../../protocol/events.ts';
import { removeRun, restoreRun } from '../../../runs/trash.ts';
import { showError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { chosenRuns } from './chosen.ts';

/** `Tunebook: Delete Run`: into the trash at once, with an Undo. Nothing is asked, because nothing is lost. */
export async function deleteRun(services: Services, ...args: unknown[]): Promise<void> {
  const runs = await chosenRuns(services, args, {
    title: 'Delete Run',
    none: 'Nothing is there to delete; a run that goes on is stopped first.',
    among: ({ state }) => isFinal(state),
  });
  if (runs.length === 0) return;
  const dirs = runs.map(({ dir }) => dir);
  for (const dir of dirs) removeRun(dir);
  await services.store.refresh();
  const what = runs.length === 1 ? runTitle(runs[0]!) : `${runs.length} runs`;
  // Not waited for: the command is done, and the notification may stand for long.
  void offerUndo(services, dirs, what);
}

async function offerUndo({ store }: Services, dirs: readonly string[], what: string): Promise<void> {
  const choice = await vscode.window.showInformationMessage(`Deleted ${what}.`, 'Undo');
  if (choice !== 'Undo') return;
  try {
    for (const dir of dirs) restoreRun(resolve(dir, '../../..'), basename(dir));
  } catch (error) {
    await showError(error);
  }
  await store.refresh();
}
