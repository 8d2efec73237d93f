import { basename } from 'node:path';
import type { RunSummary } from '../../protocol/run.ts';
import { listRuns } from '../../runs/list.ts';
import { removeRun, restoreRun } from '../../runs/trash.ts';
import { usedBy } from '../../runs/used-by.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { runNamed, workspaceOf } from '../command-line/run-argument.ts';

/** `tunebook rm RUN…`: moves runs into the trash, or with `--undo` back. */
export async function rm(input: CommandInput): Promise<ExitCode> {
  const { positionals, flags, terminal } = input;
  const workspace = workspaceOf(input);
  if (flags.undo) {
    for (const id of positionals) {
      const dir = restoreRun(workspace, id);
      if (flags.json) terminal.printJson({ type: 'restored', run: id, dir });
      else terminal.print(`${id} is back.`);
    }
    return EXIT.done;
  }
  // All of them are found before the first is removed: a mistyped name removes nothing.
  const found = positionals.map((text) => runNamed(workspace, text));
  for (const run of new Map(found.map((each) => [each.dir, each])).values()) {
    const users = usedBy(run.dir, listRuns(workspace));
    removeRun(run.dir);
    tell(input, run, users);
  }
  return EXIT.done;
}

function tell({ flags, terminal }: CommandInput, { id, dir }: RunSummary, users: RunSummary[]): void {
  if (flags.json)
    return terminal.printJson({ type: 'removed', run: id, usedBy: users.map((each) => each.id) });
  terminal.print(`${id} was removed.`);
  if (users.length > 0)
    terminal.printError(
      `warning: ${users.map((each) => each.id).join(', ')} began with its output, and cannot be resumed without it.`,
    );
  terminal.print(`Next: tunebook rm --undo ${basename(dir)}   brings it back`);
}
