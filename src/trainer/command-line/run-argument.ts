import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunSummary } from '../../protocol/run.ts';
import { findRun } from '../../runs/list.ts';
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
  return findRun(workspaceOf(input), input.positionals[0] ?? '');
}
