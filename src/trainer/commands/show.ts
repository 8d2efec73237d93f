import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { runOf } from '../command-line/run-argument.ts';
import { readDetails } from '../launch/read-details.ts';
import { describeDetails } from '../terminal/describe-details.ts';

/** `tunebook show RUN`: all that is known of a run or an evaluation. */
export async function show(input: CommandInput): Promise<ExitCode> {
  const details = readDetails(runOf(input).dir);
  if (input.flags.json) input.terminal.printJson(details);
  else for (const line of describeDetails(details, input.terminal.style)) input.terminal.print(line);
  return EXIT.done;
}
