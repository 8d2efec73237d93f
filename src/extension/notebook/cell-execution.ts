import * as vscode from 'vscode';
import { createRunId } from '../../runs/id.ts';
import { stopRun } from '../../runs/control-client.ts';
import { isFinal } from '../../protocol/events.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import type { RunSummary } from '../../protocol/run.ts';
import type { CellStatus } from '../../protocol/notebook.ts';
import { TunebookError } from '../../protocol/error.ts';
import { launch } from '../runs/launch.ts';
import { launchLogs } from '../runs/logs.ts';
import { trainerCopy } from '../runs/trainer-copy.ts';
import type { Services } from '../services.ts';
import type { CellResultData } from './cell-data.ts';
import { describeData } from './describe-data.ts';
import type { OpenRuns } from './open-runs.ts';
import { runResult } from './run-result.ts';
import { resultOutput } from './serializer.ts';

/** Carries one cell out in VS Code, and shows what comes of it. */
export class CellExecution {
  readonly #services: Services;
  readonly #runs: OpenRuns;
  readonly #cell: vscode.NotebookCell;
  readonly #execution: vscode.NotebookCellExecution;

  constructor(
    services: Services,
    runs: OpenRuns,
    cell: vscode.NotebookCell,
    execution: vscode.NotebookCellExecution,
  ) {
    this.#services = services;
    this.#runs = runs;
    this.#cell = cell;
    this.#execution = execution;
  }

  /** Starts what the documents of the cell ask for, one after the other; whether all went well. */
  async run(status: CellStatus, stop: AbortSignal): Promise<boolean> {
    const start = Date.now();
    const parts: string[] = [];
    const ids: string[] = [];
    let done = true;
    for (const { kind, name } of status.documents) {
      if (stop.aborted) done = false;
      if (!done) break;
      if (kind === 'dataset') parts.push(await this.#describe(name, stop));
      if (kind !== 'run' && kind !== 'evaluate') continue;
      const id = createRunId(name);
      ids.push(id);
      await this.#launch(kind, name, id);
      await this.#runs.remember(id, {
        uri: this.#cell.notebook.uri.toString(),
        kind,
        name,
        inputs: status.inputs,
        start,
      });
      const run = await this.#follow(id, stop, parts.join('\n\n'));
      done = run.state === 'finished';
      parts.push(await this.#resultOf(run));
      await this.#runs.forget(id);
    }
    await this.#show({
      markdown: parts.join('\n\n'),
      attributes: {
        runs: ids,
        seconds: seconds(start),
        ...(done && status.inputs !== undefined && { inputs: status.inputs }),
      },
    });
    return done;
  }

  /** Goes on with a run that was started before this window was. */
  async attach(
    id: string,
    { inputs, start }: { inputs?: string | undefined; start: number },
    stop: AbortSignal,
  ): Promise<boolean> {
    const run = await this.#follow(id, stop, '');
    const done = run.state === 'finished';
    const markdown = await this.#resultOf(run);
    const attributes = {
      runs: [id],
      seconds: seconds(start, run.finishedAt),
      ...(done && inputs !== undefined && { inputs }),
    };
    await this.#show({ markdown, attributes });
    await this.#runs.forget(id);
    return done;
  }

  /** Tells below the cell why nothing came of it. */
  async fail(error: unknown): Promise<void> {
    const words =
      error instanceof TunebookError ? [error.message, error.hint].filter(Boolean).join('\n') : undefined;
    const shown = error instanceof Error ? error : new Error(String(error));
    const item =
      words === undefined
        ? vscode.NotebookCellOutputItem.error(shown)
        : vscode.NotebookCellOutputItem.stderr(words);
    await this.#execution.replaceOutput([new vscode.NotebookCellOutput([item])]);
  }

  #file(): { file: string; workspace: string } {
    const { uri } = this.#cell.notebook;
    const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath;
    return { file: uri.fsPath, workspace: folder ?? findWorkspace(uri.fsPath) };
  }

  async #trainer(): Promise<string> {
    const { context } = this.#services;
    return trainerCopy(context.extensionPath, context.globalStorageUri.fsPath);
  }

  async #describe(name: string, stop: AbortSignal): Promise<string> {
    return describeData({ ...this.#file(), name, trainer: await this.#trainer(), stop });
  }

  async #launch(kind: 'run' | 'evaluate', name: string, id: string): Promise<void> {
    const { context, store } = this.#services;
    const { file, workspace } = this.#file();
    const trainer = await this.#trainer();
    const args = [kind, file, name, '--id', id];
    await launch({ args, id, workspace, trainer, logs: launchLogs(context) });
    await store.addWorkspace(workspace);
    await store.refresh();
  }

  /** Shows a run while it goes on: the document holds its id, and the renderer is told the rest. */
  async #follow(id: string, stop: AbortSignal, before: string): Promise<RunSummary> {
    const { store } = this.#services;
    await this.#show({ live: id, markdown: before, attributes: { runs: [id] } });
    const ask = () => {
      const run = store.get(id);
      if (run && !isFinal(run.state)) void stopRun(run.dir);
    };
    stop.addEventListener('abort', ask);
    if (stop.aborted) ask();
    try {
      return await new Promise<RunSummary>((resolve, reject) => {
        const look = () => {
          const run = store.get(id);
          if (run && !isFinal(run.state)) return;
          forget();
          if (run) resolve(run);
          else
            reject(
              new TunebookError(
                'run/folder-gone',
                `The folder of the run ${id} was removed while it went on.`,
              ),
            );
        };
        const forget = store.onDidChange(look);
        look();
      });
    } finally {
      stop.removeEventListener('abort', ask);
    }
  }

  async #resultOf(run: RunSummary): Promise<string> {
    const { markdown, picture } = runResult(run, this.#cell.notebook.uri.fsPath);
    if (picture) {
      const target = vscode.Uri.joinPath(this.#cell.notebook.uri, '..', picture.path);
      await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(picture.svg));
    }
    return markdown;
  }

  async #show(result: CellResultData): Promise<void> {
    await this.#execution.replaceOutput([resultOutput(result)]);
  }
}

function seconds(start: number, end?: string): number {
  const last = end === undefined ? Date.now() : Date.parse(end);
  return Number(((last - start) / 1000).toFixed(1));
}
