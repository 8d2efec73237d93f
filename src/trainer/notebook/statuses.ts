import { dirname } from 'node:path';
import type { CellStatus } from '../../protocol/notebook.ts';
import type { CheckDiagnostic } from '../../protocol/check.ts';
import { cellStatuses } from '../../language/notebook/cell-status.ts';
import { expandInputs } from '../../language/notebook/expand-inputs.ts';
import type { Project } from '../../language/project.ts';
import type { TuneFile } from '../../language/tree.ts';
import { DiskHost } from '../host.ts';
import { hashInputs, type HashCache } from '../../runs/hash-inputs.ts';
import { hasOutcome, listRuns, newestFinished } from '../../runs/list.ts';

/** How the cells of a notebook stand, by the disk. */
export async function readStatuses(
  project: Project,
  file: TuneFile,
  {
    workspace,
    diagnostics = [],
    cache,
  }: { workspace: string; diagnostics?: readonly CheckDiagnostic[]; cache?: HashCache },
): Promise<CellStatus[]> {
  const runs = listRuns(workspace);
  const host = new DiskHost(workspace);
  const errors = diagnostics.filter((each) => each.severity === 'error' && each.file === file.path);
  return cellStatuses(project, file, {
    isBroken: ({ content }) =>
      errors.some(
        ({ line }) => file.lines.start(line) >= content.start && file.lines.start(line) < content.end,
      ),
    hash: async (inputs, runId) =>
      hashInputs(await expandInputs(inputs, (each) => host.listDirectory(each)), {
        folder: dirname(file.path),
        runId,
        ...(cache && { cache }),
      }),
    newestRun: (name, kind) => newestFinished(runs, name, kind)?.id,
    hasRun: (id) => hasOutcome(runs, id),
  });
}
