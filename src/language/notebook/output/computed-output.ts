import type { EvaluationResult } from '../../../protocol/evaluation.ts';
import { lossPicture } from '../../../protocol/loss-picture.ts';
import type { RunSummary } from '../../../protocol/run.ts';
import type { SweepResult } from '../../../protocol/sweep.ts';
import { picturePath } from '../picture-path.ts';
import { evaluationOutput } from './evaluation-output.ts';
import { describeEnd, runOutput } from './run-output.ts';
import { sweepOutput } from './sweep-output.ts';

type Losses = Parameters<typeof lossPicture>[1];

/** What is read of a run directory, when it is wanted. */
export interface RunContent {
  losses(): { train: Losses; eval: Losses };
  /** `result.json`; undefined where it cannot be read. */
  result(): unknown;
}

/**
 * What a run directory puts below its cell when it has ended: Markdown, and a picture beside the notebook.
 * @param notebook path of the notebook
 */
export function computedOutput(
  run: RunSummary,
  notebook: string,
  content: RunContent,
): { markdown: string; picture?: { path: string; svg: string } } {
  const end = describeEnd(run);
  if (run.kind === 'run') {
    const { train, eval: evaluated } = content.losses();
    const svg = lossPicture(run.name, train, evaluated);
    const path = picturePath(notebook, run.name);
    const markdown = runOutput(run, svg === undefined ? undefined : path);
    return { markdown, ...(svg !== undefined && { picture: { path, svg } }) };
  }
  const result = content.result();
  // SAFETY: what a sweep of this version writes, and what a finished evaluation does.
  if (run.kind === 'sweep') return { markdown: sweepOutput(end, result as SweepResult | undefined) };
  if (run.state !== 'finished') return { markdown: end };
  if (result === undefined) return { markdown: `${end} Its result cannot be read.` };
  // SAFETY: as above.
  return { markdown: evaluationOutput(result as EvaluationResult) };
}
