import * as vscode from 'vscode';
import { showError } from '../../errors.ts';
import { askForDevices, type ListedDevice } from '../../runs/devices.ts';
import type { RunStore } from '../../runs/run-store.ts';
import { datasetRows } from './datasets.ts';
import { deviceRows } from './devices.ts';
import { evaluationRows } from './evaluations.ts';
import { modelRows } from './models.ts';
import { SideView } from './side-view.ts';

/**
 * Makes the views beside Runs: Evaluations, Models, Datasets, Devices.
 * @param trainer the path of `tunebook.js`, which is asked for the devices when their view is first seen, and when the views are refreshed
 */
export function sideViews(store: RunStore, trainer: string): vscode.Disposable {
  const onError = (error: unknown) => void showError(error);
  let listed: Promise<ListedDevice[]> | undefined;
  const evaluations = new SideView('tunebook.evaluations', () => evaluationRows(store), onError);
  const models = new SideView('tunebook.models', () => modelRows(store), onError);
  const datasets = new SideView('tunebook.datasets', () => datasetRows(store), onError);
  const devices = new SideView(
    'tunebook.devices',
    () => deviceRows(store, (listed ??= askForDevices(trainer))),
    onError,
  );
  const all = [evaluations, models, datasets, devices];
  let states = '';
  const stopListening = store.onDidChange(() => {
    // Numbers that move are for the Runs view; these look again when a run begins, ends, comes or goes.
    const now = store.runs.map(({ id, state }) => `${id} ${state}`).join('\n');
    if (now === states) return;
    states = now;
    for (const view of [evaluations, models, devices]) view.refresh();
  });
  return vscode.Disposable.from(
    ...all,
    { dispose: stopListening },
    vscode.commands.registerCommand('tunebook.refreshViews', () => {
      listed = undefined;
      for (const view of all) view.refresh();
    }),
  );
}
