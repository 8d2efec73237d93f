import { join } from 'node:path';
import * as vscode from 'vscode';
import { PLANNED_NOTIFICATION, type PlannedParams } from '../../protocol/language-server.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import { askForPlan } from '../runs/plan.ts';
import type { Services } from '../services.ts';
import { pickRunnable } from './pick-runnable.ts';
import { saveConfig } from './save-config.ts';

/**
 * `Tunebook: Plan Config`: what a `run:` would do, measured on a few of its steps, shown beside the config; the editor's hints know it
 * from then on. Nothing is started.
 * @throws TunebookError those of `saveConfig`; `launch/refused` where the config is not valid or the run would not fit
 */
export async function planConfig(services: Services, ...args: unknown[]): Promise<void> {
  const target = await pickRunnable('run', args);
  if (!target) return;
  const { uri, runnable } = target;
  await saveConfig(uri);
  const { context, language, plans } = services;
  const { name } = runnable;
  const workspace = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? findWorkspace(uri.fsPath);
  const trainer = join(context.extensionPath, 'dist/tunebook.js');
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Planning ${name}`,
    cancellable: true,
  };
  const answer = await vscode.window.withProgress(options, async (_progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    return askForPlan(trainer, { file: uri.fsPath, name, workspace }, abort.signal);
  });
  const { plan, warnings, refusal } = answer;
  if (refusal) throw refusal;
  if (!plan) return;
  const planned: PlannedParams = { uri: uri.toString(), name, plan };
  await language.tell(PLANNED_NOTIFICATION, planned);
  await plans.show(uri, plan, warnings);
}
