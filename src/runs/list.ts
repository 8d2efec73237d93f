import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../protocol/error.ts';
import { RUN_FILES, type RunSummary } from '../protocol/run.ts';
import { readRun } from './read.ts';
import { isRunId } from './id.ts';
import { newestFirst } from './newest-first.ts';
import { runsFolder } from './workspace.ts';

/** The run directories of a workspace folder, newest first; empty when there are none. */
export function listRunDirectories(workspace: string): string[] {
  return runDirectoriesIn(runsFolder(workspace));
}

/** The run directories in a folder, newest first; empty when there is no such folder. */
export function runDirectoriesIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  // Ids begin with their time, so that the order of names is the order of time.
  return names
    .filter(isRunId)
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

/** All runs of a workspace folder, newest first. */
export function listRuns(workspace: string): RunSummary[] {
  return listRunDirectories(workspace).map(readRun).sort(newestFirst);
}

/**
 * The newest finished run, evaluation or sweep of a name.
 * @param runs newest first
 */
export function newestFinished(
  runs: readonly RunSummary[],
  name: string,
  kind: RunSummary['kind'],
): RunSummary | undefined {
  return runs.find((run) => run.kind === kind && run.name === name && run.state === 'finished');
}

/**
 * Whether the directory of a run that has ended is still there, and of a training run its model.
 * @param runs of the workspace folder
 */
export function hasOutcome(runs: readonly RunSummary[], id: string): boolean {
  const run = runs.find((each) => each.id === id);
  return run !== undefined && (run.kind !== 'run' || existsSync(join(run.dir, RUN_FILES.output)));
}

/** Pinned ones first, otherwise as they are. */
export function pinnedFirst(runs: readonly RunSummary[]): RunSummary[] {
  return [...runs].sort((a, b) => Number(b.meta?.pinned ?? false) - Number(a.meta?.pinned ?? false));
}

/**
 * The run that a person means by an id, by the beginning of one, or by a name (the newest of that name).
 * @throws TunebookError `run/unknown`, `run/ambiguous`
 */
export function findRun(workspace: string, text: string): RunSummary {
  const runs = listRuns(workspace);
  const exact =
    runs.find((run) => run.id === text) ?? runs.find((run) => run.meta?.name === text || run.name === text);
  if (exact) return exact;
  const begun = text === '' ? [] : runs.filter((run) => run.id.startsWith(text));
  const only = begun[0];
  if (only && begun.length === 1) return only;
  if (only)
    throw new TunebookError(
      'run/ambiguous',
      `${begun.length} runs begin with ${text}: ${begun.map((r) => r.id).join(', ')}.`,
      {
        hint: 'Write more of the id.',
      },
    );
  throw new TunebookError('run/unknown', `No run here has the id or the name ${JSON.stringify(text)}.`, {
    hint: '`tunebook runs` lists them.',
    location: { file: runsFolder(workspace) },
  });
}
