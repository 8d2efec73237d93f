import type { CellState, CellStatus, DocumentInputs } from '../../protocol/notebook.ts';
import type { Project } from '../project.ts';
import type { TuneDocument, TuneFile } from '../tree.ts';
import { cellName, runnableDocuments } from './cell-documents.ts';
import { documentInputs } from './document-inputs.ts';
import type { NotebookCell } from './notebook.ts';
import type { OutputAttributes } from './output-mark.ts';

/** What one must know to say how the cells of a notebook stand. */
export interface StatusWorld {
  /** What the mark of a cell's result says, where it is not the file that is asked. */
  result?(cell: NotebookCell): OutputAttributes | undefined;
  /** Whether the check found errors in a cell. */
  isBroken(cell: NotebookCell): boolean;
  /** A short hash of inputs, with the ids of the runs that `runId` knows. */
  hash(inputs: readonly DocumentInputs[], runId: (name: string) => string | undefined): Promise<string>;
  /** The newest finished run of a name on this machine. */
  newestRun(name: string): string | undefined;
}

/**
 * How each cell of a notebook stands. A result is stale when its inputs are not those it was made from, and when a run that it is
 * about belongs to a cell that is stale itself.
 */
export async function cellStatuses(
  project: Project,
  file: TuneFile,
  world: StatusWorld,
): Promise<CellStatus[]> {
  const cells = file.notebook?.cells ?? [];
  const resultOf = (cell: NotebookCell) => (world.result ? world.result(cell) : cell.output?.attributes);
  const written = writtenRuns(project, file, cells, resultOf);
  const runId = (name: string) => world.newestRun(name) ?? written.get(name);
  const stale = new Set<string>();
  const statuses: CellStatus[] = [];
  for (const cell of cells) {
    const documents = runnableDocuments(project, file, cell);
    const status = {
      index: cell.index,
      name: cellName(file, cell),
      documents: documents.map(({ kind = '', name = '' }) => ({ kind, name })),
    };
    if (world.isBroken(cell)) {
      statuses.push({ ...status, state: 'broken' });
      continue;
    }
    const inputs = inputsOf(project, documents);
    if (!inputs) {
      statuses.push({ ...status, state: 'broken' });
      continue;
    }
    if (inputs.length === 0) {
      statuses.push({ ...status, state: 'declares' });
      continue;
    }
    const hash = await world.hash(inputs, runId);
    const upstream = inputs.some(({ runs }) => runs.some((name) => stale.has(name)));
    const state = stateOf(resultOf(cell), hash, upstream);
    if (state === 'stale') for (const { kind, name } of inputs) if (kind === 'run') stale.add(name);
    statuses.push({ ...status, state, inputs: hash });
  }
  return statuses;
}

/**
 * What the documents of a cell depend on. Runs of the cell itself do not count: they come from what counts already. `undefined` where
 * something that they refer to, maybe in another file, is not valid.
 */
function inputsOf(project: Project, documents: readonly TuneDocument[]): DocumentInputs[] | undefined {
  const own = new Set(documents.flatMap(({ kind, name = '' }) => (kind === 'run' ? [name] : [])));
  try {
    return documents.flatMap((document) => {
      const inputs = documentInputs(project, document);
      return inputs ? [{ ...inputs, runs: inputs.runs.filter((name) => !own.has(name)) }] : [];
    });
  } catch {
    return undefined;
  }
}

function stateOf(result: OutputAttributes | undefined, hash: string, upstream: boolean): CellState {
  if (!result) return 'empty';
  return result.inputs === hash && !upstream ? 'fresh' : 'stale';
}

/** The runs that the results of a notebook are of, by name: on another machine they are all that is known of them. */
function writtenRuns(
  project: Project,
  file: TuneFile,
  cells: readonly NotebookCell[],
  resultOf: (cell: NotebookCell) => OutputAttributes | undefined,
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const cell of cells) {
    const documents = runnableDocuments(project, file, cell).filter(({ kind }) => isComputed(kind));
    for (const [index, { kind, name = '' }] of documents.entries()) {
      const id = resultOf(cell)?.runs[index];
      if (kind === 'run' && id !== undefined) ids.set(name, id);
    }
  }
  return ids;
}

/** Whether a document of a kind makes a run directory, and so has a place among the ids of a result. */
export function isComputed(kind: string | undefined): boolean {
  return kind === 'run' || kind === 'evaluate';
}
