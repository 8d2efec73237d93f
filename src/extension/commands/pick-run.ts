import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import type { RunSummary } from '../../protocol/run.ts';
import type { Services } from '../services.ts';
import { describeRun } from '../../protocol/describe-run.ts';
import { runIcon } from '../views/run-item.ts';

/**
 * The run that a command is about: the one it was called with (a row of the tree, an id), the only one there is, or the one
 * that the person picks.
 * @throws TunebookError `run/none` when there is none to pick from.
 */
export async function pickRun(
  { store }: Services,
  argument: unknown,
  options: { title: string; none: string; among?: (run: RunSummary) => boolean },
): Promise<RunSummary | undefined> {
  if (typeof argument === 'string') {
    const run = store.get(argument);
    if (run) return run;
    throw new TunebookError('run/none', `The run ${argument} is no longer there.`);
  }
  await store.refresh();
  const runs = options.among ? store.runs.filter(options.among) : store.runs;
  if (runs.length === 0) throw new TunebookError('run/none', options.none);
  if (runs.length === 1) return runs[0];
  const items = runs.map((run) => ({
    label: run.name,
    description: describeRun(run),
    iconPath: runIcon(run),
    run,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: options.title, placeHolder: 'Which run' });
  return picked?.run;
}
