import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import type { PlaygroundSource } from '../../protocol/playground.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import { pickSources } from '../panels/playground/pick-sources.ts';
import { sourceOfModel, sourcesOfRun } from '../panels/playground/sources.ts';
import { workspaceFolders, type Services } from '../services.ts';
import { saveConfig } from './save-config.ts';

/**
 * `Tunebook: Open Playground`: candidates answer what a person types, side by side. Called with a row of the Models or Evaluations view, the id
 * of a run, or the file and the name of an `evaluate:`; otherwise the person picks.
 * @throws TunebookError `playground/untrusted`, `playground/nothing`, `run/none`
 */
export async function openPlayground(services: Services, ...args: unknown[]): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new TunebookError('playground/untrusted', 'Models are loaded only in a folder that you trust.');
  const { store } = services;
  const [first, second] = args;
  if (first instanceof vscode.Uri && typeof second === 'string') {
    await saveConfig(first);
    const workspace = vscode.workspace.getWorkspaceFolder(first)?.uri.fsPath ?? findWorkspace(first.fsPath);
    return services.showPlayground(workspace, [{ kind: 'evaluate', file: first.fsPath, name: second }]);
  }
  const id = runOf(first);
  if (id !== undefined) {
    const run = store.get(id);
    if (!run) throw new TunebookError('run/none', `The run ${id} is no longer there.`);
    return services.showPlayground(findWorkspace(run.dir), sourcesOfRun(run));
  }
  const model = modelOf(first);
  const sources = model ? [model] : await pickSources(store);
  const workspace = workspaceFolders()[0] ?? findWorkspace(sourcePath(sources[0]));
  if (sources.length > 0) services.showPlayground(workspace, sources);
}

/** Of the Runs view the id itself, of the Evaluations view a row whose click names it. */
function runOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  const item = itemOf(argument);
  const id: unknown = item?.contextValue === 'evaluation' ? item.command?.arguments?.[0] : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** A row of the Models view: its id is the reference and the folder, each on a line. */
function modelOf(argument: unknown): PlaygroundSource | undefined {
  const item = itemOf(argument);
  if (item?.contextValue !== 'model') return undefined;
  const [reference = ''] = item.id?.split('\n') ?? [];
  return sourceOfModel({ reference, name: typeof item.label === 'string' ? item.label : reference });
}

function itemOf(argument: unknown): vscode.TreeItem | undefined {
  const item: unknown =
    typeof argument === 'object' && argument !== null && 'item' in argument ? argument.item : undefined;
  return item instanceof vscode.TreeItem ? item : undefined;
}

function sourcePath(source: PlaygroundSource | undefined): string {
  return source?.kind === 'evaluate' ? source.file : (source?.model ?? '');
}
