import { pauseRun } from '../../runs/pause-client.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { runOf } from '../command-line/run-argument.ts';

/** `tunebook pause RUN`: asks a run to hold on after its next step. */
export async function pause(input: CommandInput): Promise<ExitCode> {
  const { id, dir } = runOf(input);
  await pauseRun(dir, 'pause');
  if (input.flags.json) input.terminal.printJson({ type: 'asked-to-pause', run: id, dir });
  else {
    input.terminal.print(`${id} was asked to pause after its next step.`);
    input.terminal.print(`Next: tunebook resume ${id}   lets it go on`);
  }
  return EXIT.done;
}
