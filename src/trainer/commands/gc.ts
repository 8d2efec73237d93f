import { rmSync } from 'node:fs';
import { formatAge, formatBytes } from '../../protocol/format.ts';
import { findLeftovers } from '../../runs/leftovers.ts';
import { emptyTrash, listTrash } from '../../runs/trash.ts';
import { listTokenCache } from '../data/token-cache.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { workspaceOf } from '../command-line/run-argument.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { shortPath } from '../terminal/describe-error.ts';

/** `tunebook gc`: empties the trash, and clears away tokens of data that nobody has used since and what dead processes left. */
export async function gc(input: CommandInput): Promise<ExitCode> {
  const { flags, terminal } = input;
  const workspace = workspaceOf(input);
  const oldest = Date.now() - daysOf(flags['older-than']) * 24 * 3600_000;
  const runs = listTrash(workspace).filter(({ removedAt }) => removedAt <= oldest);
  const tokens = listTokenCache(workspace).filter(({ usedAt }) => usedAt <= oldest);
  const leftovers = [...findLeftovers(workspace), ...tokens.map(({ path, bytes }) => ({ path, bytes }))];
  const dryRun = flags['dry-run'] === true;
  if (!dryRun) {
    emptyTrash(runs);
    for (const { path } of leftovers) rmSync(path, { recursive: true, force: true });
  }
  const bytes = [...runs, ...leftovers].reduce((sum, each) => sum + each.bytes, 0);
  if (flags.json) {
    terminal.printJson({ type: 'gc', deleted: !dryRun, bytes, runs, leftovers });
    return EXIT.done;
  }
  for (const { id, bytes: size, removedAt } of runs)
    terminal.print(`  ${id}  ${formatBytes(size)}, removed ${formatAge(Date.now() - removedAt)}`);
  for (const { path, bytes: size } of leftovers) terminal.print(`  ${shortPath(path)}  ${formatBytes(size)}`);
  if (runs.length + leftovers.length === 0) terminal.print('There is nothing to delete.');
  else terminal.print(`${dryRun ? 'Would free' : 'Freed'} ${formatBytes(bytes)}.`);
  return EXIT.done;
}

function daysOf(text: string | undefined): number {
  const days = text === undefined ? 0 : Number(text);
  if (text?.trim() === '' || !(days >= 0))
    throw new UsageError(`--older-than takes a number of days, and ${JSON.stringify(text)} is none.`, 'gc');
  return days;
}
