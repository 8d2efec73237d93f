import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluationOutput } from '../../language/notebook/output/evaluation-output.ts';
import { describeEnd, runOutput } from '../../language/notebook/output/run-output.ts';
import { picturePath } from '../../language/notebook/picture-path.ts';
import type { EvaluationResult } from '../../protocol/evaluation.ts';
import { lossPicture } from '../../protocol/loss-picture.ts';
import { RUN_FILES, type RunSummary } from '../../protocol/run.ts';
import { readLossHistory } from '../../runs/loss-history.ts';

/** What a run that has ended puts below its cell: Markdown, and a picture beside the notebook. */
export function runResult(
  run: RunSummary,
  notebook: string,
): { markdown: string; picture?: { path: string; svg: string } } {
  if (run.kind === 'evaluate')
    return { markdown: run.state === 'finished' ? verdict(run) : describeEnd(run) };
  const { train, eval: evaluated } = readLossHistory(run.dir);
  const svg = lossPicture(run.name, train, evaluated);
  const path = picturePath(notebook, run.name);
  const markdown = runOutput(run, svg === undefined ? undefined : path);
  return { markdown, ...(svg !== undefined && { picture: { path, svg } }) };
}

function verdict(run: RunSummary): string {
  try {
    // SAFETY: what a finished evaluation of this version has written.
    return evaluationOutput(
      JSON.parse(readFileSync(join(run.dir, RUN_FILES.result), 'utf8')) as EvaluationResult,
    );
  } catch {
    return `${describeEnd(run)} Its result cannot be read: ${join(run.dir, RUN_FILES.result)}`;
  }
}
