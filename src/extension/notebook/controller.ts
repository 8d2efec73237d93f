import * as vscode from 'vscode';
import { executionOrder } from '../../language/notebook/execution-order.ts';
import { TunebookError } from '../../protocol/error.ts';
import { isFinal } from '../../protocol/events.ts';
import type { CellStatus } from '../../protocol/notebook.ts';
import type { Services } from '../services.ts';
import { CellExecution, CellGone, NotebookClosed } from './cell-execution.ts';
import { codeCells, type CellStatuses } from './cell-statuses.ts';
import { OpenRuns, type OpenRun } from './open-runs.ts';
import { saveNotebook } from './save-notebook.ts';
import { resultOf } from './serializer.ts';

export const NOTEBOOK_TYPE = 'tunebook';

/** Runs the cells of notebooks: one after the other, each up to the end of its run. */
export class NotebookController implements vscode.Disposable {
  readonly #services: Services;
  readonly #statuses: CellStatuses;
  readonly #runs: OpenRuns;
  readonly #controller: vscode.NotebookController;
  readonly #stops = new Map<string, AbortController>();
  readonly #running = new Set<vscode.NotebookCell>();
  readonly #disposables: vscode.Disposable[];
  #order = 0;

  constructor(services: Services, statuses: CellStatuses) {
    this.#services = services;
    this.#statuses = statuses;
    this.#runs = new OpenRuns(services.context.workspaceState);
    const controller = vscode.notebooks.createNotebookController(NOTEBOOK_TYPE, NOTEBOOK_TYPE, 'Tunebook');
    controller.supportedLanguages = ['tune'];
    controller.supportsExecutionOrder = true;
    controller.description = 'the bundled trainer';
    controller.executeHandler = (cells, notebook) => this.#executeAll(cells, notebook);
    controller.interruptHandler = (notebook) => this.#interrupt(notebook);
    this.#controller = controller;
    this.#disposables = [
      controller,
      controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
        if (selected) void this.#attachAll(notebook);
      }),
      { dispose: services.store.onDidChange(() => this.#attachResumed()) },
    ];
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }

  /**
   * Stops what runs in a notebook. VS Code interrupts too when it is about to take a running cell away, because the file was changed
   * elsewhere or the notebook closed: then the run goes on. It tells of that right after, so before it answers any question.
   */
  async #interrupt(notebook: vscode.NotebookDocument): Promise<void> {
    const running = [...this.#running].filter((cell) => cell.notebook === notebook);
    await vscode.commands.executeCommand('setContext', 'tunebook.interrupted', true);
    if (notebook.isClosed || running.some((cell) => cell.index < 0)) return;
    this.#stops.get(notebook.uri.toString())?.abort();
  }

  async #executeAll(cells: readonly vscode.NotebookCell[], notebook: vscode.NotebookDocument): Promise<void> {
    const key = notebook.uri.toString();
    // One that is asked for while others run waits for them, and is stopped with them.
    const stop = this.#stops.get(key) ?? new AbortController();
    this.#stops.set(key, stop);
    this.#queue = this.#queue.then(async () => {
      for (const cell of await this.#inOrder(cells, notebook)) {
        if (stop.signal.aborted) break;
        if (!(await this.#execute(cell, stop.signal, cells.length > 1))) break;
      }
    });
    await this.#queue;
    if (this.#stops.get(key) === stop) this.#stops.delete(key);
  }

  #queue: Promise<void> = Promise.resolve();

  /** Cells as they stand, but for an objective above its evaluation, which follows it. */
  async #inOrder(
    cells: readonly vscode.NotebookCell[],
    notebook: vscode.NotebookDocument,
  ): Promise<readonly vscode.NotebookCell[]> {
    if (cells.length < 2) return cells;
    const all = codeCells(notebook);
    const asked = (await this.#statuses.all(notebook)).filter(({ index }) => {
      const cell = all[index];
      return cell !== undefined && cells.includes(cell);
    });
    const ordered = executionOrder(asked).flatMap((index) => all[index] ?? []);
    // What the server does not know is run as it is, and says what is wrong with it.
    return ordered.length === cells.length ? ordered : cells;
  }

  /** Runs one cell; whether the next one may follow. With `unlessFresh` one whose result is of what it says now is left alone. */
  async #execute(cell: vscode.NotebookCell, stop: AbortSignal, unlessFresh: boolean): Promise<boolean> {
    const execution = this.#controller.createNotebookCellExecution(cell);
    execution.executionOrder = ++this.#order;
    execution.start(Date.now());
    const cancelled = new AbortController();
    execution.token.onCancellationRequested(() => cancelled.abort());
    const work = new CellExecution(this.#services, this.#runs, cell, execution);
    let done = false;
    this.#running.add(cell);
    try {
      const status = await this.#prepare(cell);
      // An objective decides whether what follows may be run, also where it has been judged already.
      const decides = status.documents.some(({ kind }) => kind === 'objective');
      if (status.state === 'declares' || (unlessFresh && status.state === 'fresh' && !decides)) done = true;
      else if (await this.#mayReplace(cell))
        done = await work.run(status, AbortSignal.any([stop, cancelled.signal]));
    } catch (error) {
      if (error instanceof CellGone) void this.#takeOver(cell.notebook, work.lastRun);
      else if (!(error instanceof NotebookClosed) && !stop.aborted && !cancelled.signal.aborted)
        await work.fail(error);
    }
    this.#running.delete(cell);
    execution.end(done, Date.now());
    this.#statuses.changed();
    return done;
  }

  /** Gives a run to the cell that stands in place of the one that was running it, if that still asks for the same; says so if not. */
  async #takeOver(notebook: vscode.NotebookDocument, id: string | undefined): Promise<void> {
    const run = this.#runs.of(notebook.uri.toString()).find(([each]) => each === id)?.[1];
    const cell = run && (await this.#statuses.find(notebook, run));
    const same = cell && (await this.#statuses.now(cell))?.inputs === run.inputs;
    const name = vscode.workspace.asRelativePath(notebook.uri);
    if (id !== undefined && same) {
      this.#attach(cell, id, run);
      void vscode.window.showInformationMessage(
        `${name} was changed while a cell ran. The cell goes on; nothing further is started: run the notebook again.`,
      );
      return;
    }
    if (id !== undefined) await this.#runs.forget(id);
    const where = id === undefined ? '' : ` What it computes is in the run ${id}.`;
    void vscode.window.showWarningMessage(
      `${name} was changed while a cell ran, and the cell is not the same any more. Nothing in it is overwritten, and nothing further is started.${where}`,
    );
  }

  /** Saves the notebook, because the trainer reads the file, and says how the cell stands. */
  async #prepare(cell: vscode.NotebookCell): Promise<CellStatus> {
    const { notebook } = cell;
    if (!vscode.workspace.isTrusted) {
      throw new TunebookError('launch/untrusted', 'Nothing is run in a folder that you do not trust.', {
        hint: 'Use "Workspaces: Manage Workspace Trust" first.',
      });
    }
    if (notebook.uri.scheme !== 'file') {
      throw new TunebookError('launch/not-on-disk', 'This notebook is not a file on disk yet.', {
        hint: 'Save it first.',
      });
    }
    await saveNotebook(notebook);
    const status = await this.#statuses.now(cell);
    if (status?.state === 'broken') {
      throw new TunebookError('notebook/broken-cell', 'This cell, or what it refers to, has mistakes.', {
        hint: 'The Problems view lists them.',
      });
    }
    if (!status) throw new Error('the language server does not know this cell');
    return status;
  }

  /** Whether the result below a cell may go: one that a person changed only when that person says so. */
  async #mayReplace(cell: vscode.NotebookCell): Promise<boolean> {
    if (!this.#statuses.isEdited(cell)) return true;
    const replace = 'Replace';
    const detail = 'Put words of your own into a Markdown cell below it.';
    const answer = await vscode.window.showWarningMessage(
      'The result below this cell was changed by hand, and running the cell replaces it.',
      { modal: true, detail },
      replace,
    );
    return answer === replace;
  }

  /** Finds the runs again that cells of a notebook were waiting for when the window was closed. */
  async #attachAll(notebook: vscode.NotebookDocument): Promise<void> {
    const waiting = this.#runs.of(notebook.uri.toString());
    if (waiting.length === 0) return;
    const { store } = this.#services;
    if (!store.loaded) await store.refresh();
    for (const [id, run] of waiting) {
      const found = store.get(id);
      const cell = found && (await this.#statuses.find(notebook, run));
      if (!cell) await this.#runs.forget(id);
      // One that stopped is kept: it may be resumed.
      else if (!isFinal(found.state) || !shows(cell, id)) this.#attach(cell, id, run);
    }
  }

  /** Cells whose run stopped follow it again when somebody resumes it, wherever that is done. */
  #attachResumed(): void {
    const { store } = this.#services;
    for (const notebook of vscode.workspace.notebookDocuments) {
      if (notebook.notebookType !== NOTEBOOK_TYPE) continue;
      for (const [id, run] of this.#runs.of(notebook.uri.toString())) {
        const found = store.get(id);
        if (!found || isFinal(found.state) || this.#runs.followed.has(id)) continue;
        const cell = codeCells(notebook).find((each) => shows(each, id));
        if (cell) this.#attach(cell, id, { ...run, start: Date.now() });
      }
    }
  }

  #attach(cell: vscode.NotebookCell, id: string, run: OpenRun): void {
    if (this.#runs.followed.has(id)) return;
    this.#runs.followed.add(id);
    const key = cell.notebook.uri.toString();
    const stop = this.#stops.get(key) ?? new AbortController();
    this.#stops.set(key, stop);
    const execution = this.#controller.createNotebookCellExecution(cell);
    execution.executionOrder = ++this.#order;
    execution.start(run.start);
    const work = new CellExecution(this.#services, this.#runs, cell, execution);
    this.#running.add(cell);
    void work
      .attach(id, run, stop.signal)
      .catch(async (error: unknown) => {
        if (error instanceof CellGone) void this.#takeOver(cell.notebook, id);
        else if (!(error instanceof NotebookClosed)) await work.fail(error);
        return false;
      })
      .then((done) => {
        this.#running.delete(cell);
        execution.end(done, Date.now());
        if (this.#stops.get(key) === stop) this.#stops.delete(key);
        this.#statuses.changed();
      });
  }
}

/** Whether a cell shows the result of a run that has ended. */
function shows(cell: vscode.NotebookCell, id: string): boolean {
  return cell.outputs.some((output) => {
    const result = resultOf(output);
    return result !== undefined && result.live === undefined && result.attributes.runs.includes(id);
  });
}
