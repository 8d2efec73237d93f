import { loadProject } from '../../language/load.ts';
import { runnableDocuments } from '../../language/notebook/cell-documents.ts';
import { executionOrder } from '../../language/notebook/execution-order.ts';
import type { NotebookCell } from '../../language/notebook/notebook.ts';
import type { OutputAttributes } from '../../language/notebook/output-mark.ts';
import { plainMarkdown } from '../../language/notebook/output/table.ts';
import type { Project } from '../../language/project.ts';
import { resolveObjective } from '../../language/resolve.ts';
import type { TuneDocument, TuneFile } from '../../language/tree.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { ObjectiveVerdict } from '../../protocol/evaluation.ts';
import type { CellStatus } from '../../protocol/notebook.ts';
import type { HashCache } from '../../runs/hash-inputs.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { explainError } from '../command-line/explain-error.ts';
import { describeObjective } from '../evaluate/judge.ts';
import { CellReport, firstLine } from './cell-report.ts';
import type { NotebookFile } from './notebook-file.ts';
import type { NotebookHost } from './notebook-host.ts';
import { placeResult } from './place-result.ts';
import { runDocument } from './run-document.ts';
import { readStatuses } from './statuses.ts';
import { tellObjective } from './tell-objective.ts';

export interface CellRunnerOptions {
  input: CommandInput;
  file: NotebookFile;
  /** Holds the text of the notebook as it is run. */
  host: NotebookHost;
  workspace: string;
  signal: AbortSignal;
}

interface Look {
  project: Project;
  parsed: TuneFile;
  status: CellStatus;
  cell: NotebookCell;
}

/** Carries cells of a notebook out, one after the other, and puts the result of each below it. */
export class CellRunner {
  readonly #options: CellRunnerOptions;
  readonly #cache: HashCache = new Map();
  readonly #report: CellReport;
  #written: string;

  constructor(options: CellRunnerOptions) {
    this.#options = options;
    this.#report = new CellReport(options.input);
    this.#written = options.file.text();
  }

  /**
   * Runs the cells with these numbers, up to the first that does not end well: each as it stands, but for an objective above its
   * evaluation, which follows it. An objective that is not met ends it too; one that an evaluation measures and that is not among the
   * cells shows in the exit code.
   * @throws TunebookError `notebook/output-edited`, `notebook/changed`, and what the data and the run directory throw
   */
  async runAll(indices: readonly number[]): Promise<ExitCode> {
    const statuses = await this.#statuses();
    const order = executionOrder(statuses.filter(({ index }) => indices.includes(index)));
    let unmet = false;
    for (const [position, index] of order.entries()) {
      this.#options.signal.throwIfAborted();
      const look = await this.#look(index);
      if (look.status.state === 'declares') continue;
      const isDone = this.#isDone(look);
      if (!isDone) this.#report.begin(look.status, position + 1, order.length);
      const code = isDone ? this.#leave(look) : await this.#runCell(look);
      if (code === EXIT.objectiveNotMet && !has(look, 'objective')) unmet = true;
      else if (code !== EXIT.done) {
        this.#report.rest(order.slice(position + 1), statuses);
        return code;
      }
    }
    this.#report.stale(await this.#statuses(), order);
    return unmet ? EXIT.objectiveNotMet : EXIT.done;
  }

  /** Writes what no result has written: given values, and a copy that was asked for. */
  finish(): void {
    const { file, host } = this.#options;
    if (file.target !== file.path || host.text !== this.#written) this.#write();
  }

  async #look(index: number): Promise<Look> {
    const { host, file, workspace } = this.#options;
    const project = await loadProject([file.path], host);
    const parsed = project.files.get(file.path);
    const cell = parsed?.notebook?.cells[index];
    if (!parsed || !cell) throw new Error(`cell ${index} of ${file.path} is gone`);
    const statuses = await readStatuses(project, parsed, { workspace, cache: this.#cache });
    const status = statuses[index];
    if (!status) throw new Error(`cell ${index} of ${file.path} has no status`);
    return { project, parsed, cell, status };
  }

  /** How all cells stand now. */
  async #statuses(): Promise<CellStatus[]> {
    const { host, file, workspace } = this.#options;
    const project = await loadProject([file.path], host);
    const parsed = project.files.get(file.path);
    return parsed ? await readStatuses(project, parsed, { workspace, cache: this.#cache }) : [];
  }

  /** Whether a result is of what the cell says now. */
  #isDone({ status }: Look): boolean {
    const { force = false } = this.#options.input.flags;
    if (status.gone)
      this.#report.say(
        `${status.name}: unchanged, but its run is not on this machine (${status.gone.join(', ')}): it is run again.`,
      );
    return status.state === 'fresh' && !force;
  }

  /** Leaves a result as it is; what an objective says is said again, for it decides what follows. */
  #leave(look: Look): ExitCode {
    this.#report.say(`${look.status.name}: unchanged since its result, and not run again (--force does).`);
    this.#report.tell(look.status, { state: 'unchanged' });
    const { workspace } = this.#options;
    const met = runnableDocuments(look.project, look.parsed, look.cell)
      .filter(({ kind }) => kind === 'objective')
      .map((document) => tellObjective(resolveObjective(look.project, document), workspace).verdict)
      .every((verdict) => this.#judged(verdict));
    return met ? EXIT.done : EXIT.objectiveNotMet;
  }

  #judged(verdict: ObjectiveVerdict): boolean {
    this.#report.say(describeObjective(verdict));
    return verdict.met;
  }

  async #runCell(look: Look): Promise<ExitCode> {
    const { project, parsed, status } = look;
    const { file, input } = this.#options;
    if (look.cell.output?.edited && !input.flags.force) throw edited(file.path, look);
    this.#report.tell(look.status, { state: 'running' });
    const start = performance.now();
    const parts: string[] = [];
    const runs: string[] = [];
    let code: ExitCode = EXIT.done;
    const result = (inputs: string | undefined) => {
      const seconds = Number(((performance.now() - start) / 1000).toFixed(1));
      const attributes: OutputAttributes = { runs, seconds, ...(inputs !== undefined && { inputs }) };
      this.#place(look, { markdown: parts.join('\n\n'), attributes });
      this.#report.tell(look.status, {
        state: inputs === undefined ? 'failed' : 'finished',
        runs,
        seconds,
        inputs,
        markdown: parts.join('\n\n'),
      });
    };
    for (const document of runnableDocuments(project, parsed, look.cell)) {
      try {
        const outcome = await this.#runDocument(project, document);
        if (!outcome) continue;
        parts.push(outcome.markdown);
        if (outcome.run !== undefined) runs.push(outcome.run);
        if (outcome.picture) file.writePicture(outcome.picture);
        if (document.kind === 'objective') this.#report.say(firstLine(outcome.markdown));
        // An objective that is not met says nothing against the evaluation that measured it.
        if (outcome.code !== EXIT.done) code = outcome.code;
      } catch (error) {
        if (input.interruption.stop.requested) throw error;
        const { message, hint } = explainError(error, this.#options.workspace);
        parts.push(
          `**${plainMarkdown(document.name ?? status.name)}** failed. ${plainMarkdown([message, hint].filter(Boolean).join(' '), 1000)}`,
        );
        result(undefined);
        throw error;
      }
      if (!isWhole(code)) break;
    }
    // A result that is not of the whole has no hash of its inputs: it never counts as one.
    if (code !== EXIT.interrupted) result(isWhole(code) ? status.inputs : undefined);
    return code;
  }

  #runDocument(project: Project, document: TuneDocument) {
    const { input, host, workspace, signal, file } = this.#options;
    return runDocument(input, { file: file.path, project, document, workspace, host }, signal);
  }

  #place(look: Look, result: { markdown: string; attributes: OutputAttributes }): void {
    const { host, file } = this.#options;
    const placed = placeResult(file, host.text, look.cell, result, this.#written);
    host.text = placed.text;
    this.#write();
    if (placed.problem) throw placed.problem;
    if (placed.changed)
      this.#report.say(`${file.path} was changed meanwhile; the result is put into what it is now.`);
  }

  #write(): void {
    const { file, host } = this.#options;
    file.write(host.text);
    this.#written = host.text;
  }
}

/** Whether all of a cell was carried out: an objective that is not met is a result. */
function isWhole(code: ExitCode): boolean {
  return code === EXIT.done || code === EXIT.objectiveNotMet;
}

function has({ status }: Look, kind: string): boolean {
  return status.documents.some((each) => each.kind === kind);
}

function edited(path: string, { parsed, cell, status }: Look): TunebookError {
  const { line } = parsed.lines.position(cell.output?.start ?? cell.start);
  return new TunebookError(
    'notebook/output-edited',
    `The result of ${status.name} was changed by hand, and running the cell would replace it.`,
    {
      hint: 'Put your words below its last mark, or run with --force to replace it.',
      location: { file: path, line },
    },
  );
}
