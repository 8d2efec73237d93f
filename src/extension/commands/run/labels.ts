import * as vscode from 'vscode';
import { runTitle } from '../../../protocol/describe-run.ts';
import { changeMeta } from '../../../runs/meta.ts';
import type { Services } from '../../services.ts';
import { chosenRuns } from './chosen.ts';

const NONE = 'Nothing has run here yet.';

/** `Tunebook: Rename Run`: another name for a run; its id and its document's name stay. */
export async function renameRun(services: Services, ...args: unknown[]): Promise<void> {
  const [run] = await chosenRuns(services, args, { title: 'Rename Run', none: NONE });
  if (!run) return;
  const name = await vscode.window.showInputBox({
    title: 'Rename Run',
    value: runTitle(run),
    prompt: `What to call it. Empty gives it back the name of its document, ${run.name}.`,
  });
  if (name === undefined) return;
  changeMeta(run.dir, { name: name === run.name ? '' : name });
  await services.store.refresh();
}

/** `Tunebook: Pin Run` and `Unpin Run`. */
export async function pinRun(services: Services, ...args: unknown[]): Promise<void> {
  const runs = await chosenRuns(services, args, { title: 'Pin Run', none: NONE });
  // Several are pinned together; all of them pinned already are let go together.
  const pinned = runs.some(({ meta }) => !meta?.pinned);
  for (const { dir } of runs) changeMeta(dir, { pinned });
  await services.store.refresh();
}

/** `Tunebook: Edit Notes of Run`. */
export async function editNotes(services: Services, ...args: unknown[]): Promise<void> {
  const [run] = await chosenRuns(services, args, { title: 'Edit Notes of Run', none: NONE });
  if (!run) return;
  const notes = await vscode.window.showInputBox({
    title: `Notes of ${runTitle(run)}`,
    value: run.meta?.notes ?? '',
    prompt: 'What to remember of it. Shown where the mouse rests on the run, and found by the filter.',
  });
  if (notes === undefined) return;
  changeMeta(run.dir, { notes });
  await services.store.refresh();
}

/** `Tunebook: Edit Tags of Run`: of several runs all get the tags that are given. */
export async function editTags(services: Services, ...args: unknown[]): Promise<void> {
  const runs = await chosenRuns(services, args, { title: 'Edit Tags of Run', none: NONE });
  if (runs.length === 0) return;
  const text = await vscode.window.showInputBox({
    title: runs.length === 1 ? `Tags of ${runTitle(runs[0]!)}` : `Tags of ${runs.length} Runs`,
    value: (runs[0]?.meta?.tags ?? []).join(' '),
    prompt: 'Words with spaces between them; the filter finds them as #tag.',
  });
  if (text === undefined) return;
  const tags = text
    .split(/[\s,]+/)
    .map((tag) => tag.replace(/^#/, ''))
    .filter(Boolean);
  for (const { dir } of runs) changeMeta(dir, { tags });
  await services.store.refresh();
}
