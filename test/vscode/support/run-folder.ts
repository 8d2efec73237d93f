import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES, type RunProcess, type RunSummary } from '../../../src/protocol/run.ts';
import type { EvaluationResult } from '../../../src/protocol/evaluation.ts';
import { listRuns } from '../../../src/runs/list.ts';

/** The runs of a workspace as they are on disk, newest first: what the window must show. */
export function runsOnDisk(workspace: string): RunSummary[] {
  return listRuns(workspace);
}

/** The newest run of a name. */
export function newestRun(workspace: string, name: string): RunSummary {
  const run = runsOnDisk(workspace).find((one) => one.name === name);
  if (!run) throw new Error(`No run of the name ${name} lies in ${workspace}.`);
  return run;
}

/** The process that works, or worked, on a run. */
export function processOf(run: RunSummary): RunProcess {
  return read(run, RUN_FILES.process);
}

/** What an evaluation found. */
export function resultOf(run: RunSummary): EvaluationResult {
  return read(run, RUN_FILES.result);
}

function read<T>(run: RunSummary, file: string): T {
  // SAFETY: the trainer of this same build wrote the file, and the tests compare what it holds.
  return JSON.parse(readFileSync(join(run.dir, file), 'utf8')) as T;
}
