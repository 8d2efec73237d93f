import { computedOutput } from '../../language/notebook/output/computed-output.ts';
import type { RunSummary } from '../../protocol/run.ts';
import { readLossHistory } from '../../runs/loss-history.ts';
import { readResult } from '../../runs/read-result.ts';

/** What a run that has ended puts below its cell: Markdown, and a picture beside the notebook. */
export function runResult(run: RunSummary, notebook: string): ReturnType<typeof computedOutput> {
  return computedOutput(run, notebook, {
    losses: () => readLossHistory(run.dir),
    result: () => readResult(run.dir),
  });
}
