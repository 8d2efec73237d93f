import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import { findRunnables } from '../runs/runnable.ts';
import type { Services } from '../services.ts';

/**
 * From the lens of a `run:`: the metrics of its newest run beside the newest one of each other `run:` of the file.
 * @throws TunebookError `run/none` where there is none.
 */
export async function compareConfig(services: Services, uri?: unknown, name?: unknown): Promise<void> {
  const { store } = services;
  if (!(uri instanceof vscode.Uri) || typeof name !== 'string') return;
  const document = await vscode.workspace.openTextDocument(uri);
  const runnables = findRunnables(document.getText()).filter(({ kind }) => kind === 'run');
  await store.refresh();
  const newest = [name, ...runnables.map((each) => each.name)].flatMap(
    (each) => store.runs.find((run) => run.name === each && run.kind === 'run') ?? [],
  );
  if (newest.length === 0) throw new TunebookError('run/none', `${name} has not run yet.`);
  services.showMetrics([...new Set(newest.map(({ id }) => id))], true);
}
