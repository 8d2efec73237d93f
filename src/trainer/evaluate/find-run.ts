import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { isFinal } from '../../protocol/events.ts';
import { RUN_FILES, type RunSummary } from '../../protocol/run.ts';
import { listRuns } from '../../runs/list.ts';
import { list } from '../data/problem.ts';

/** The run of a candidate, and a newer one of the same name that has no model to give. */
export interface FoundRun {
  readonly run: RunSummary;
  readonly newer: RunSummary | undefined;
}

/**
 * Finds the run that `NAME` (its newest finished run) or `NAME@ID` stands for.
 *
 * @param workspace the folder whose `.tunebook/runs` is searched
 * @param file the config file that names the run
 * @throws TunebookError `evaluate/no-such-run`, `evaluate/run-unfinished`, `evaluate/run-failed`, `evaluate/no-output`
 */
export function findCandidateRun(reference: string, workspace: string, file: string): FoundRun {
  const [name = '', id] = reference.split('@');
  const runs = listRuns(workspace).filter((run) => run.kind === 'run');
  const named = runs.filter((run) => run.name === name);
  const asked = id === undefined ? named : named.filter((run) => run.id === id);
  const newest = asked[0];
  if (!newest) throw noSuchRun(name, id, runs, file);
  const run = asked.find(({ state }) => state === 'finished');
  if (!run) throw hasNoModel(newest, file);
  if (!existsSync(join(run.dir, RUN_FILES.output))) {
    throw new TunebookError(
      'evaluate/no-output',
      `The run ${run.id} has finished, but its ${RUN_FILES.output}/ was removed.`,
      { hint: `Run it again: tunebook run ${file} ${name}`, location: { file: run.dir } },
    );
  }
  return { run, newer: run === newest ? undefined : newest };
}

/** How a run ended that did not finish, as the end of a sentence. */
export function describeEnd({ state, error, reason }: RunSummary): string {
  const why = error?.message ?? reason;
  const said = why === undefined ? '' : `: ${why.replace(/\.$/, '')}`;
  switch (state) {
    case 'failed':
      return `failed${said}`;
    case 'stopped':
      return 'was stopped before its end';
    case 'lost':
      return 'ended in the middle, when its process was killed';
    case 'queued':
      return 'still waits for its device';
    case 'preparing':
    case 'running':
    case 'evaluating':
    case 'paused':
    case 'stopping':
      return `still goes on (${state})`;
    case 'finished':
      return 'has finished';
  }
}

function noSuchRun(
  name: string,
  id: string | undefined,
  runs: readonly RunSummary[],
  file: string,
): TunebookError {
  const ids = runs.filter((run) => run.name === name).map((run) => run.id);
  const names = [...new Set(runs.map((run) => run.name))].sort();
  const there =
    ids.length > 0
      ? `Its runs are ${list(ids)}.`
      : names.length > 0
        ? `There are runs of ${list(names)}.`
        : 'Nothing has run here yet.';
  return new TunebookError(
    'evaluate/no-such-run',
    id === undefined ? `There is no run "${name}". ${there}` : `"${name}" has no run ${id}. ${there}`,
    { hint: `Run it first: tunebook run ${file} ${name}`, location: { file } },
  );
}

function hasNoModel(run: RunSummary, file: string): TunebookError {
  const unfinished = !isFinal(run.state);
  return new TunebookError(
    unfinished ? 'evaluate/run-unfinished' : 'evaluate/run-failed',
    `No run of "${run.name}" has finished: ${run.id} ${describeEnd(run)}.`,
    {
      hint: unfinished
        ? 'Evaluate when it has finished.'
        : `See what it says with \`tunebook show ${run.id}\`, then run it again: tunebook run ${file} ${run.name}`,
      location: { file: run.dir },
    },
  );
}
