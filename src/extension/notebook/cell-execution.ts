import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isComputed } from '../../language/notebook/execution-order.ts';
import { createRunId } from '../../runs/id.ts';
import { stopRun } from '../../runs/control-client.ts';
import { isFinal } from '../../protocol/events.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import type { RunSummary } from '../../protocol/run.ts';
import type { CellStatus } from '../../protocol/notebook.ts';
import { TunebookError } from '../../protocol/error.ts';
import { keysForTrainer } from '../keys/endpoint-keys.ts';
import { launch } from '../runs/launch.ts';
import { launchLogs } from '../runs/logs.ts';
import { trainerCopy } from '../runs/trainer-copy.ts';
import type { Services } from '../services.ts';
import type { CellResultData } from './cell-data.ts';
import type { OpenRuns } from './open-runs.ts';
import { runResult } from './run-result.ts';
import { resultOf, resultOutput } from './serializer.ts';
import { tellDocument, type ToldDocument } from './tell-document.ts';

/** Says that a cell is not in its notebook any more: the file was changed on disk and read again, or somebody deleted the cell. */
export class CellGone extends Error {}

/** Says that somebody closed the notebook of a cell. What the cell started goes on, and the cell finds it again. */
export class NotebookClosed extends Error {}

type Launched = 'run' | 'sweep' | 'evaluate';

function isTold(kind: string): kind is ToldDocument['kind'] {
  return ['dataset', 'prompt', 'objective', 'export'].includes(kind);
}

function isLaunched(kind: string): kind is Launched {
  return isComputed(kind);
}

/** Carries one cell out in VS Code, and shows what comes of it. */
export class CellExecution {
  readonly #services: Services;
  readonly #runs: OpenRuns;
  readonly #cell: vscode.NotebookCell;
  readonly #execution: vscode.NotebookCellExecution;
  /** The result that the cell had, for the case that nothing comes of this. */
  readonly #before: readonly vscode.NotebookCellOutput[];
  /** The run that it waits for, or waited for last. */
  lastRun: string | undefined;

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
    this.#before = cell.outputs.filter((output) => resultOf(output) && resultOf(output)?.live === undefined);
  }

  /**
   * Does what the documents of the cell ask for, one after the other; whether all went well.
   * @throws CellGone, NotebookClosed
   */
  async run(status: CellStatus, stop: AbortSignal): Promise<boolean> {
    const start = Date.now();
    const parts: string[] = [];
    const ids: string[] = [];
    let whole = true;
    let done = true;
    for (const { kind, name } of status.documents) {
      if (stop.aborted) whole = false;
      if (!whole) break;
      if (isTold(kind)) {
        const told = await tellDocument({
          ...this.#file(),
          kind,
          name,
          trainer: await this.#trainer(),
          stop,
        });
        parts.push(told.markdown);
        done &&= told.done;
      } else if (isLaunched(kind)) {
        const run = await this.#compute(kind, name, { status, start, ids, stop, before: parts.join('\n\n') });
        whole = run.state === 'finished';
        parts.push(await this.#resultOf(run));
      }
    }
    await this.#show({
      markdown: parts.join('\n\n'),
      attributes: {
        runs: ids,
        seconds: seconds(start),
        ...(whole && status.inputs !== undefined && { inputs: status.inputs }),
      },
    });
    return whole && done;
  }

  /**
   * Goes on with a run that was started before this window was, or that was resumed.
   * @throws CellGone, NotebookClosed
   */
  async attach(
    id: string,
    { inputs, start }: { inputs?: string | undefined; start: number },
    stop: AbortSignal,
  ): Promise<boolean> {
    const run = await this.#follow(id, stop, [id], '');
    const done = run.state === 'finished';
    const markdown = await this.#resultOf(run);
    const attributes = {
      runs: [id],
      seconds: seconds(start, run.finishedAt),
      ...(done && inputs !== undefined && { inputs }),
    };
    await this.#show({ markdown, attributes });
    if (done) await this.#runs.forget(id);
    return done;
  }

  /** Tells below the cell why nothing came of it. The result that it had stays, on the page and in the file. */
  async fail(error: unknown): Promise<void> {
    const words = error instanceof TunebookError ? wordsOf(error) : undefined;
    const shown = error instanceof Error ? error : new Error(String(error));
    const item =
      words === undefined
        ? vscode.NotebookCellOutputItem.error(shown)
        : vscode.NotebookCellOutputItem.stderr(words);
    await this.#execution.replaceOutput([new vscode.NotebookCellOutput([item]), ...this.#before]);
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

  /** Starts a run and waits for its end. One that did not finish is kept in mind: it may be resumed. */
  async #compute(
    kind: Launched,
    name: string,
    {
      status,
      start,
      ids,
      stop,
      before,
    }: { status: CellStatus; start: number; ids: string[]; stop: AbortSignal; before: string },
  ): Promise<RunSummary> {
    const id = createRunId(name);
    ids.push(id);
    await this.#launch(kind, name, id);
    const uri = this.#cell.notebook.uri.toString();
    await this.#runs.remember(id, { uri, kind, name, inputs: status.inputs, start });
    const run = await this.#follow(id, stop, ids, before);
    if (run.state === 'finished') await this.#runs.forget(id);
    return run;
  }

  async #launch(kind: Launched, name: string, id: string): Promise<void> {
    const { context, store } = this.#services;
    const { file, workspace } = this.#file();
    const trainer = await this.#trainer();
    const args = [kind === 'evaluate' ? 'evaluate' : 'run', file, `${kind}:${name}`, '--id', id];
    const environment = kind === 'evaluate' ? await keysForTrainer(context.secrets) : {};
    await launch({ args, id, workspace, trainer, environment, logs: launchLogs(context) });
    await store.addWorkspace(workspace);
    await store.refresh();
  }

  /** Shows a run while it goes on: the document holds its id, and the renderer is told the rest. */
  async #follow(id: string, stop: AbortSignal, runs: readonly string[], before: string): Promise<RunSummary> {
    const { store } = this.#services;
    this.lastRun = id;
    const kept = this.#before.map(resultOf).find((each) => each !== undefined);
    await this.#show({
      live: id,
      markdown: before,
      attributes: { runs: [...runs] },
      ...(kept && { before: kept }),
    });
    const ask = () => {
      const run = store.get(id);
      if (run && !isFinal(run.state)) void stopRun(run.dir);
    };
    stop.addEventListener('abort', ask);
    if (stop.aborted) ask();
    this.#runs.followed.add(id);
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
        const watched = vscode.workspace.onDidChangeNotebookDocument(() => {
          if (this.#cell.index >= 0) return;
          forget();
          reject(new CellGone());
        });
        const closed = vscode.workspace.onDidCloseNotebookDocument((notebook) => {
          if (notebook !== this.#cell.notebook) return;
          forget();
          reject(new NotebookClosed());
        });
        const unwatch = store.onDidChange(look);
        const forget = () => {
          unwatch();
          watched.dispose();
          closed.dispose();
        };
        look();
      });
    } finally {
      this.#runs.followed.delete(id);
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
    if (this.#cell.notebook.isClosed) throw new NotebookClosed();
    if (this.#cell.index < 0) throw new CellGone();
    await this.#execution.replaceOutput([resultOutput(result)]);
  }
}

/** A sentence a line, because VS Code does not fold what stands here; the place first, for it may be one that no cell shows. */
function wordsOf({ message, hint, location }: TunebookError): string {
  const place =
    location?.line === undefined
      ? []
      : [`${basename(location.file)}:${location.line}:${location.column ?? 1}`];
  return [...place, ...message.split(/(?<=[.:]) (?=[A-Z])/), ...(hint === undefined ? [] : [hint])].join(
    '\n',
  );
}

function seconds(start: number, end?: string): number {
  const last = end === undefined ? Date.now() : Date.parse(end);
  return Number(((last - start) / 1000).toFixed(1));
}
