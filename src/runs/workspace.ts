import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RUNS_FOLDER, type RunSummary } from '../protocol/run.ts';

/**
 * The folder that holds the `.tunebook` of a config: the nearest ancestor with `.tunebook` or `.git`, else the
 * config's own folder. Takes a file or, on the command line without one, a folder.
 */
export function findWorkspace(configFile: string, isFolder = false): string {
  const start = isFolder ? resolve(configFile) : dirname(resolve(configFile));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.tunebook')) || existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return start;
  }
}

/** Where the runs of a workspace folder lie, as an absolute path. */
export function runsFolder(workspace: string): string {
  return join(resolve(workspace), RUNS_FOLDER);
}

/** The config that a run was started from, absolute. Nobody says that it is still there. */
export function configOf({ dir, file }: Pick<RunSummary, 'dir' | 'file'>): string {
  return resolve(dir, '../../..', file);
}
