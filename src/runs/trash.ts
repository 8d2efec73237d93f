import { existsSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { TunebookError } from '../protocol/error.ts';
import { explainWriteError } from './errors.ts';
import { folderBytes } from './folder-bytes.ts';
import { isRunId } from './id.ts';
import { runDirectoriesIn } from './list.ts';
import { readRun } from './read.ts';
import { isFinal } from '../protocol/events.ts';
import { runsFolder } from './workspace.ts';
import { makeFolder } from './make-folder.ts';

/** A run that was removed and can be brought back. */
export interface TrashedRun {
  id: string;
  /** Where it lies now. */
  dir: string;
  bytes: number;
  /** When it was removed, in ms since the epoch. */
  removedAt: number;
}

/** Where removed runs of a workspace lie: beside `runs/`, on the same disk, so that removing and undoing are one rename each. */
export function trashFolder(workspace: string): string {
  return join(dirname(runsFolder(workspace)), 'trash');
}

/**
 * Moves a run into the trash. Nothing of it is deleted until {@link emptyTrash}.
 * @throws TunebookError `run/still-running`; `run/unknown` when it is not there (any more); `run/not-writable`
 */
export function removeRun(dir: string): void {
  if (!existsSync(dir)) throw notThere(basename(dir), dir);
  const { id, state } = readRun(dir);
  if (!isFinal(state))
    throw new TunebookError(
      'run/still-running',
      `${id} is ${state}, and a run that goes on is not removed.`,
      {
        hint: `Stop it first: tunebook stop ${id}`,
        location: { file: dir },
      },
    );
  const trash = join(dirname(dirname(dir)), 'trash');
  try {
    makeFolder(trash);
    const place = join(trash, id);
    // An older removal of a run that was brought back by copying it.
    rmSync(place, { recursive: true, force: true });
    renameSync(dir, place);
    const now = new Date();
    utimesSync(place, now, now);
  } catch (error) {
    throw explainWriteError(error, 'the trash of the runs', trash);
  }
}

/**
 * Brings a removed run back. Gives its run directory.
 * @throws TunebookError `run/unknown`, `run/exists`
 */
export function restoreRun(workspace: string, id: string): string {
  const from = join(trashFolder(workspace), id);
  const to = join(runsFolder(workspace), id);
  if (!isRunId(id) || !existsSync(from)) throw notThere(id, from);
  if (existsSync(to))
    throw new TunebookError('run/exists', `A run with the id ${id} is there again already.`, {
      hint: 'Move it away first, if the removed one is the one you want.',
      location: { file: to },
    });
  try {
    makeFolder(dirname(to));
    renameSync(from, to);
  } catch (error) {
    throw explainWriteError(error, 'the run directory', to);
  }
  return to;
}

/** The removed runs of a workspace, last removed first. */
export function listTrash(workspace: string): TrashedRun[] {
  return runDirectoriesIn(trashFolder(workspace))
    .map((dir) => ({
      id: basename(dir),
      dir,
      bytes: folderBytes(dir),
      removedAt: statSync(dir).mtimeMs,
    }))
    .sort((a, b) => b.removedAt - a.removedAt);
}

/** Deletes removed runs for good. */
export function emptyTrash(runs: readonly TrashedRun[]): void {
  for (const { dir } of runs)
    try {
      rmSync(dir, { recursive: true, force: true });
    } catch (error) {
      throw explainWriteError(error, 'the trash of the runs', dir);
    }
}

function notThere(id: string, file: string): TunebookError {
  return new TunebookError('run/unknown', `The run ${id} is not there.`, {
    hint: '`tunebook runs` lists the runs, and `tunebook gc --dry-run` the removed ones.',
    location: { file },
  });
}
