import { join } from 'node:path';
import * as vscode from 'vscode';
import { TunebookError } from '../../protocol/error.ts';
import { findRunnables } from '../runs/runnable.ts';
import { trainerCopy } from '../runs/trainer-copy.ts';
import { allConfigs } from '../views/context-keys.ts';
import { readTask, taskArguments, taskLabel, type TunebookTask } from './task-command.ts';

const TYPE = 'tunebook';

/**
 * Lets `tasks.json` and *Tasks: Run Task* start what the command line does, in a terminal: a check of every config of a folder, and each
 * run, sweep and evaluation that is found. VS Code asks for tasks in trusted folders alone.
 */
export function provideTasks(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TYPE, {
    provideTasks: async () => {
      const folders = vscode.workspace.workspaceFolders ?? [];
      const checks = folders.map((folder) => ({ folder, task: { command: 'check', config: '.' } as const }));
      const found = [...checks, ...(await documentTasks())];
      return Promise.all(
        found.map(({ folder, task }) => toTask(context, folder, task, { type: TYPE, ...task })),
      );
    },
    resolveTask: async (written) => {
      const folder = isFolder(written.scope) ? written.scope : vscode.workspace.workspaceFolders?.[0];
      if (!folder) throw new TunebookError('task/no-folder', 'A Tunebook task needs an open folder.');
      return toTask(context, folder, readTask(written.definition), written.definition);
    },
  });
}

async function documentTasks(): Promise<{ folder: vscode.WorkspaceFolder; task: TunebookTask }[]> {
  const perFile = (await allConfigs()).map(async (uri) => {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (!folder) return [];
    const text = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
    const config = vscode.workspace.asRelativePath(uri, false);
    return findRunnables(text).map(({ kind, name }) => {
      const command = kind === 'evaluate' ? ('evaluate' as const) : ('run' as const);
      return { folder, task: { command, config, name } };
    });
  });
  return (await Promise.all(perFile)).flat();
}

/** @param definition the object that VS Code knows the task by: a resolved task must carry the very one that was asked about */
async function toTask(
  { extensionPath, globalStorageUri }: vscode.ExtensionContext,
  folder: vscode.WorkspaceFolder,
  task: TunebookTask,
  definition: vscode.TaskDefinition,
): Promise<vscode.Task> {
  const outlives = task.command === 'run' || task.command === 'evaluate';
  const program = outlives
    ? await trainerCopy(extensionPath, globalStorageUri.fsPath)
    : join(extensionPath, 'dist/tunebook.js');
  const execution = new vscode.ProcessExecution(process.execPath, [program, ...taskArguments(task)], {
    cwd: folder.uri.fsPath,
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
  const made = new vscode.Task(definition, folder, taskLabel(task), TYPE, execution, '$tunebook');
  if (task.command === 'check') made.group = vscode.TaskGroup.Test;
  made.detail = outlives ? task.config : 'Says what is wrong with configs, their data and their models';
  return made;
}

function isFolder(scope: vscode.Task['scope']): scope is vscode.WorkspaceFolder {
  return typeof scope === 'object';
}
