import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { launchEvaluation } from '../launch/launch-evaluation.ts';
import { openChecked } from '../launch/open-checked.ts';
import { checkId } from '../launch/start.ts';

/** `tunebook evaluate FILE [NAME]`: measures every candidate on the same rows, says what the numbers mean, and judges objectives. */
export async function evaluate(input: CommandInput): Promise<ExitCode> {
  checkId(input, 'evaluate');
  const signal = input.interruption.toAbortSignal();
  const config = await openChecked(input, 'evaluate', signal);
  if (!config) return EXIT.wrongInput;
  return (await launchEvaluation(input, config, signal)).code;
}
