import { dirname } from 'node:path';
import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import type { CheckDiagnostic } from '../../protocol/check.ts';
import { NOTEBOOK_REQUESTS, type CellStatus } from '../../protocol/notebook.ts';
import { cellStatuses } from '../../language/notebook/cell-status.ts';
import { expandInputs } from '../../language/notebook/expand-inputs.ts';
import { InputsMemory } from '../../language/notebook/inputs-memory.ts';
import { listFolder } from '../disk.ts';
import type { OutputAttributes } from '../../language/notebook/output-mark.ts';
import { hashInputs, Looked, type HashCache } from '../../runs/hash-inputs.ts';
import { hasOutcome, listRuns, newestFinished } from '../../runs/list.ts';
import { remembered } from '../../runs/remembered.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import { answer } from '../answer.ts';
import { pathOf } from '../uri.ts';
import type { Plans } from '../editing/plans.ts';
import type { Workspace } from '../workspace.ts';
import { estimateRun } from './estimate-run.ts';
import { isObject } from './translate.ts';

/** How long facts of data are waited for, in milliseconds: without them a time is not scaled by the steps. */
const PATIENCE = 300;

/** What the editor sends: the notebook, and what the mark of each cell's result says. */
interface StatusParams {
  uri: string;
  results: (OutputAttributes | null)[];
}

/** Answers how the cells of an open notebook stand. */
export function serveStatus(
  connection: Connection,
  workspace: Workspace,
  {
    problems,
    plans,
    log,
  }: {
    problems: (signal: AbortSignal) => Promise<readonly CheckDiagnostic[]>;
    plans: Plans;
    log: (error: unknown) => void;
  },
): void {
  const cache: HashCache = new Map();
  const memories = new Map<string, InputsMemory>();
  connection.onRequest(NOTEBOOK_REQUESTS.status, (params: unknown, token: CancellationToken) =>
    answer(token, log, async (signal): Promise<CellStatus[] | null> => {
      if (!isStatusParams(params)) return null;
      const path = pathOf(params.uri);
      const document = workspace.document(path);
      if (!document) return null;
      const project = await workspace.load(document);
      const file = project.files.get(path);
      if (!file) return null;
      const errors = (await problems(signal)).filter(
        (each) => each.severity === 'error' && each.file === path,
      );
      const runs = listRuns(findWorkspace(path));
      const host = workspace.impatientHost(PATIENCE);
      for (const each of memories.keys()) if (!workspace.document(each)) memories.delete(each);
      const memory = remembered(memories, path, () => new InputsMemory());
      memory.keep(file.documents);
      const looked = new Looked();
      return cellStatuses(project, file, {
        isBroken: ({ content }) =>
          errors.some(({ line }) => {
            const start = file.lines.start(line);
            return start >= content.start && start < content.end;
          }),
        hash: async (inputs, runId) =>
          hashInputs(await expandInputs(inputs, listFolder), { folder: dirname(path), runId, cache, looked }),
        inputs: (each) => memory.recall(project, each),
        newestRun: (name, kind) => newestFinished(runs, name, kind)?.id,
        hasRun: (id) => hasOutcome(runs, id),
        estimate: (each) =>
          estimateRun(each, { project, host, runs, plan: plans.find(project, each), signal }),
        result: ({ index }) => params.results[index] ?? undefined,
      });
    }),
  );
}

function isStatusParams(params: unknown): params is StatusParams {
  return isObject(params) && typeof params['uri'] === 'string' && Array.isArray(params['results']);
}
