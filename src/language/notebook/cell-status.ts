import type { CellState, CellStatus, DocumentInputs } from '../../protocol/notebook.ts';
import type { Project } from '../project.ts';
import { resolveObjective } from '../resolve.ts';
import type { TuneDocument, TuneFile } from '../tree.ts';
import { cellName, documentsOf, runnableDocuments } from './cell-documents.ts';
import { documentInputs } from './document-inputs.ts';
import { isComputed } from './execution-order.ts';
import type { NotebookCell } from './notebook.ts';
import type { OutputAttributes } from './output-mark.ts';

/** What one must know to say how the cells of a notebook stand. */
export interface StatusWorld {
  /** What the mark of a cell's result says, where it is not the file that is asked. */
  result?(cell: NotebookCell): OutputAttributes | undefined;
  /** Whether the check found errors in a cell. */
  isBroken(cell: NotebookCell): boolean;
  /** A short hash of inputs, with the ids of the runs that `runId` knows. */
  hash(
    inputs: readonly DocumentInputs[],
    runId: (name: string, kind: 'run' | 'evaluate') => string | undefined,
  ): Promise<string>;
  /** The newest finished run, or evaluation, of a name on this machine. */
  newestRun(name: string, kind: 'run' | 'evaluate'): string | undefined;
  /** Whether the directory of a run, and the model that it gave, are on this machine. */
  hasRun(id: string): boolean;
  /** What a document depends on; worked out anew where nothing is remembered. */
  inputs?: (document: TuneDocument) => DocumentInputs | undefined;
  /** How long a document may take, where something is known of it. */
  estimate?(document: TuneDocument): Promise<CellStatus['estimate']>;
}

/**
 * How each cell of a notebook stands. A result is stale when its inputs are not those it was made from, when a run that it is about
 * belongs to a cell that is stale itself, and when the run that it is of is gone.
 */
export async function cellStatuses(
  project: Project,
  file: TuneFile,
  world: StatusWorld,
): Promise<CellStatus[]> {
  const cells = file.notebook?.cells ?? [];
  const resultOf = (cell: NotebookCell) => (world.result ? world.result(cell) : cell.output?.attributes);
  const written = writtenRuns(project, file, cells, resultOf);
  const runId = (name: string, kind: 'run' | 'evaluate') =>
    world.newestRun(name, kind) ?? written.get(`${kind}:${name}`);
  const stale = new Set<string>();
  const lost = new Map<string, readonly string[]>();
  const statuses: CellStatus[] = [];
  for (const cell of cells) {
    const documents = runnableDocuments(project, file, cell);
    const status = {
      index: cell.index,
      name: cellName(file, cell),
      documents: documents.map(({ kind = '', name = '' }) => ({ kind, name })),
    };
    const inputs = world.isBroken(cell)
      ? undefined
      : inputsOf(documents, world.inputs ?? ((each) => documentInputs(project, each)));
    if (!inputs) {
      statuses.push({ ...status, state: 'broken' });
      continue;
    }
    if (inputs.length === 0) {
      statuses.push({ ...status, state: 'declares' });
      continue;
    }
    const hash = await world.hash(inputs, runId);
    const result = resultOf(cell);
    const upstream = inputs.some((each) => reads(each).some((name) => isStale(name, stale)));
    const known = stateOf(result, hash, upstream);
    const gone = known === 'fresh' ? goneRuns(result, inputs, lost, world) : [];
    for (const { kind, name } of inputs) {
      if (known === 'stale') stale.add(`${kind}:${name}`);
      if (gone.length > 0) lost.set(`${kind}:${name}`, gone);
    }
    const device = inputs.find((each) => each.device !== undefined)?.device;
    const after = evaluationOf(project, file, cells, documents);
    const estimate = await estimateOf(documents, world);
    statuses.push({
      ...status,
      state: gone.length > 0 ? 'stale' : known,
      inputs: hash,
      ...(gone.length > 0 && { gone }),
      ...(after !== undefined && after > cell.index && { after }),
      ...(device !== undefined && { device }),
      ...(estimate && { estimate }),
    });
  }
  return statuses;
}

/** The runs that a result is of, or that a result is of which it reads, and that are not on this machine. */
function goneRuns(
  result: OutputAttributes | undefined,
  inputs: readonly DocumentInputs[],
  lost: ReadonlyMap<string, readonly string[]>,
  world: StatusWorld,
): string[] {
  const own = result?.runs.filter((id) => !world.hasRun(id)) ?? [];
  const before = inputs.flatMap(reads).flatMap((name) => lost.get(name) ?? []);
  return [...new Set([...own, ...before])];
}

/** What the documents of a cell read of others: `run:NAME`, `evaluate:NAME`. */
function reads({ runs, evaluations }: DocumentInputs): string[] {
  return [...runs.map((name) => `run:${name}`), ...evaluations.map((name) => `evaluate:${name}`)];
}

/** Whether a run or an evaluation belongs to a stale cell; the runs of a sweep are numbered. */
function isStale(name: string, stale: ReadonlySet<string>): boolean {
  return stale.has(name) || stale.has(name.replace(/^run:(.+)-\d+$/, 'sweep:$1'));
}

/**
 * What the documents of a cell depend on. Runs of the cell itself do not count: they come from what counts already. `undefined` where
 * something that they refer to, maybe in another file, is not valid.
 */
function inputsOf(
  documents: readonly TuneDocument[],
  of: (document: TuneDocument) => DocumentInputs | undefined,
): DocumentInputs[] | undefined {
  const own = new Set(documents.map(({ kind, name = '' }) => `${kind}:${name}`));
  try {
    return documents.flatMap((document) => {
      const inputs = of(document);
      if (!inputs) return [];
      const runs = inputs.runs.filter((name) => !isStale(`run:${name}`, own));
      const evaluations = inputs.evaluations.filter((name) => !own.has(`evaluate:${name}`));
      return [{ ...inputs, runs, evaluations }];
    });
  } catch {
    return undefined;
  }
}

function stateOf(result: OutputAttributes | undefined, hash: string, upstream: boolean): CellState {
  if (!result) return 'empty';
  return result.inputs === hash && !upstream ? 'fresh' : 'stale';
}

/** Kinds that are carried out in the place where they stand, whatever stands beside them. */
const KEEPS_PLACE = ['run', 'sweep', 'evaluate', 'export'];

/** The cell of the evaluation that the objectives of a cell are measured by; only of cells that may be moved behind it. */
function evaluationOf(
  project: Project,
  file: TuneFile,
  cells: readonly NotebookCell[],
  documents: readonly TuneDocument[],
): number | undefined {
  if (documents.some(({ kind = '' }) => KEEPS_PLACE.includes(kind))) return undefined;
  const places = documents
    .filter(({ kind }) => kind === 'objective')
    .map((document) => {
      const { evaluate } = resolveObjective(project, document);
      if (evaluate.file !== file.path) return -1;
      return cells.findIndex((cell) =>
        documentsOf(file, cell).some(({ kind, name }) => kind === 'evaluate' && name === evaluate.name),
      );
    });
  return places.length > 0 ? Math.max(...places) : undefined;
}

async function estimateOf(
  documents: readonly TuneDocument[],
  world: StatusWorld,
): Promise<CellStatus['estimate']> {
  if (!world.estimate) return undefined;
  let sum: CellStatus['estimate'];
  for (const document of documents.filter(({ kind }) => isComputed(kind))) {
    const one = await world.estimate(document);
    if (!one) return undefined;
    const from = sum?.from === 'last run' ? sum.from : one.from;
    sum = { seconds: (sum?.seconds ?? 0) + one.seconds, from };
  }
  return sum;
}

/** The runs that the results of a notebook are of, by kind and name: on another machine they are all that is known of them. */
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
      if (id !== undefined) ids.set(`${kind}:${name}`, id);
    }
  }
  return ids;
}
