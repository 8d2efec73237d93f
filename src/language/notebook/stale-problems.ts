import type { CheckDiagnostic } from '../../protocol/check.ts';
import type { CellStatus } from '../../protocol/notebook.ts';
import { problem } from '../problem.ts';
import { toDiagnostic } from '../to-diagnostic.ts';
import type { TuneFile } from '../tree.ts';

/** A note at each result that is no longer that of what the notebook says. */
export function staleProblems(file: TuneFile, statuses: readonly CellStatus[]): CheckDiagnostic[] {
  return statuses.flatMap(({ index, name, state, gone }) => {
    const output = file.notebook?.cells[index]?.output;
    // That a run is not on this machine says nothing against the result: a clone has no runs at all.
    if (state !== 'stale' || gone || !output) return [];
    const message = `What ${name} depends on has changed since this result. Run the cell again.`;
    return [
      toDiagnostic(
        problem('notebook/stale-output', { file, start: output.start, end: output.body.start - 1 }, message),
      ),
    ];
  });
}
