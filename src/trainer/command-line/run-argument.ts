import { resolve } from 'node:path';
import type { RunSummary } from '../../protocol/run.ts';
import { findRun } from '../../runs/list.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import type { CommandInput } from './command.ts';

/** The folder whose `.tunebook/runs` a command looks at: `--workspace`, or the nearest one above the working directory. */
export function workspaceOf({ flags }: CommandInput): string {
  return resolve(flags.workspace ?? findWorkspace(process.cwd(), true));
}

/**
 * The run that the first argument names: an id, the beginning of one, or a name.
 * @throws TunebookError `run/unknown`, `run/ambiguous`
 */
export function runOf(input: CommandInput): RunSummary {
  return findRun(workspaceOf(input), input.positionals[0] ?? '');
}
