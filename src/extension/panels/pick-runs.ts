import * as vscode from 'vscode';
import { describeRun } from '../../protocol/describe-run.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { RunSummary } from '../../protocol/run.ts';
import type { RunStore } from '../runs/run-store.ts';
import { runIcon } from '../views/run-item.ts';

/**
 * Asks which runs to show together; those that are shown are ticked. Undefined when the person thinks better of it.
 * @throws TunebookError `run/none` when there is none to pick from.
 */
export async function pickRuns(
  store: RunStore,
  shown: readonly string[],
): Promise<readonly RunSummary[] | undefined> {
  await store.refresh();
  if (store.runs.length === 0) throw new TunebookError('run/none', 'Nothing has run here yet.');
  const items = store.runs.map((run) => ({
    label: run.name,
    description: describeRun(run),
    iconPath: runIcon(run),
    picked: shown.includes(run.id),
    run,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Compare Runs',
    placeHolder: 'Runs to show together',
    canPickMany: true,
    matchOnDescription: true,
  });
  if (!picked || picked.length === 0) return undefined;
  const order = (id: string) => (shown.includes(id) ? shown.indexOf(id) : shown.length);
  return picked.map(({ run }) => run).sort((a, b) => order(a.id) - order(b.id));
}
