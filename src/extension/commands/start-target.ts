import * as vscode from 'vscode';
import { createRunId } from '../../runs/id.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import { keysForTrainer } from '../keys/endpoint-keys.ts';
import { launch } from '../runs/launch.ts';
import { launchLogs } from '../runs/logs.ts';
import { trainerCopy } from '../runs/trainer-copy.ts';
import type { Services } from '../services.ts';
import { confirmPlan } from './confirm-plan.ts';
import type { Target } from './pick-runnable.ts';
import { saveConfig } from './save-config.ts';

/**
 * Starts a run or an evaluation in a process of its own: saves the config, shows the plan of a run, launches, and shows the metrics
 * (unless the setting says not to).
 * @param show shows something else of what was started than the metrics
 * @throws TunebookError those of `saveConfig`, `trainerCopy` and `launch`.
 */
export async function startTarget(
  services: Services,
  { uri, runnable }: Target,
  show = (id: string) => showMetrics(services, id),
): Promise<void> {
  await saveConfig(uri);
  const { context, store } = services;
  const workspace = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? findWorkspace(uri.fsPath);
  const id = createRunId(runnable.name);
  const trainerPath = trainerCopy(context.extensionPath, context.globalStorageUri.fsPath);
  const asks = vscode.workspace.getConfiguration('tunebook').get('showPlanOnRun', true);
  if (runnable.kind === 'run' && asks && !(await confirmPlan({ uri, runnable }, trainerPath, workspace)))
    return;
  await vscode.window.withProgress({ location: { viewId: 'tunebook.runs' } }, async () => {
    const trainer = await trainerPath;
    const { kind, name } = runnable;
    const command = kind === 'evaluate' ? 'evaluate' : 'run';
    const args = [command, uri.fsPath, name, '--id', id];
    const environment = kind === 'evaluate' ? await keysForTrainer(context.secrets) : {};
    await launch({ args, id, workspace, trainer, environment, logs: launchLogs(context) });
    await store.addWorkspace(workspace);
    await store.refresh();
  });
  show(id);
}

function showMetrics(services: Services, id: string): void {
  if (vscode.workspace.getConfiguration('tunebook').get('openMetricsOnRun', true))
    services.showMetrics([id], true);
}
