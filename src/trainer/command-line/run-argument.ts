import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearest } from '../../language/nearest.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { RunSummary } from '../../protocol/run.ts';
import { findRun, listRuns } from '../../runs/list.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import type { CommandInput } from './command.ts';
import { UsageError } from './usage-error.ts';

/**
 * The folder whose `.tunebook/runs` a command works with, absolute: `--workspace`, or the nearest one above.
 * @param config the config file of the command; without one the working directory counts
 * @throws UsageError when `--workspace` names a file, or nothing
 */
export function workspaceOf({ flags: { workspace } }: CommandInput, config?: string): string {
  if (workspace === undefined)
    return config === undefined ? findWorkspace(process.cwd(), true) : findWorkspace(config);
  if (workspace.trim() === '') throw new UsageError('--workspace takes a folder, and it is empty.');
  const folder = resolve(workspace);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new UsageError(`--workspace takes a folder, and ${workspace} is a file.`);
  return folder;
}

/**
 * The run that the first argument names: an id, the beginning of one, or a name.
 * @throws TunebookError `run/unknown`, `run/ambiguous`
 */
export function runOf(input: CommandInput): RunSummary {
  return runNamed(workspaceOf(input), input.positionals[0] ?? '');
}

/**
 * The run that a person names; where there is none, the nearest name is part of the error.
 * @throws TunebookError `run/unknown`, `run/ambiguous`
 */
export function runNamed(workspace: string, text: string): RunSummary {
  try {
    return findRun(workspace, text);
  } catch (error) {
    const names = listRuns(workspace).flatMap(({ name, meta }) => [name, ...(meta?.name ? [meta.name] : [])]);
    const near = nearest(text, names);
    if (!(error instanceof TunebookError) || error.code !== 'run/unknown' || near === undefined) throw error;
    const { code, message, location } = error;
    throw new TunebookError(code, message, {
      hint: `Did you mean ${near}? \`tunebook runs\` lists all of them.`,
      ...(location && { location }),
      cause: error,
    });
  }
}
