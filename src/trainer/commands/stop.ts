import { stopRun } from '../../runs/control-client.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { runOf } from '../command-line/run-argument.ts';

/** `tunebook stop RUN`: asks a run to save a checkpoint and stop. */
export async function stop(input: CommandInput): Promise<ExitCode> {
  const { id, dir } = runOf(input);
  await stopRun(dir);
  if (input.flags.json) input.terminal.printJson({ type: 'asked-to-stop', run: id, dir });
  else {
    input.terminal.print(`${id} was asked to save a checkpoint and stop.`);
    input.terminal.print(`Next: tunebook resume ${id}   goes on where it stopped`);
  }
  return EXIT.done;
}
