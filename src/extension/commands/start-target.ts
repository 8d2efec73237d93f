import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import { createRunId } from '../../runs/id.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import { launch } from '../runs/launch.ts';
import { launchLogs } from '../runs/logs.ts';
import { trainerCopy } from '../runs/trainer-copy.ts';
import type { Services } from '../services.ts';
import type { Target } from './pick-runnable.ts';

/**
 * Starts a run or an evaluation in a process of its own: saves the config, finds its folder, launches, and shows the metrics
 * (unless the setting says not to).
 * @throws TunebookError `launch/untrusted`, `launch/not-on-disk`, and those of `trainerCopy` and `launch`.
 */
export async function startTarget(services: Services, { uri, runnable }: Target): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new TunebookError('launch/untrusted', 'Nothing is run in a folder that you do not trust.', {
      hint: 'Use "Workspaces: Manage Workspace Trust" first.',
    });
  if (uri.scheme !== 'file')
    throw new TunebookError('launch/not-on-disk', 'This config is not a file on disk yet.', {
      hint: 'Save it first.',
    });
  await vscode.workspace.save(uri);
  const { context, store } = services;
  const workspace = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? findWorkspace(uri.fsPath);
  const id = createRunId(runnable.name);
  await vscode.window.withProgress({ location: { viewId: 'tunebook.runs' } }, async () => {
    const trainer = await trainerCopy(context.extensionPath, context.globalStorageUri.fsPath);
    const { kind, name } = runnable;
    await launch({ kind, file: uri.fsPath, name, id, workspace, trainer, logs: launchLogs(context) });
    await store.addWorkspace(workspace);
    await store.refresh();
  });
  if (vscode.workspace.getConfiguration('tunebook').get('openMetricsOnRun', true))
    services.showMetrics([id], true);
}
