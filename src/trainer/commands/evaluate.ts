import { resolveObjective } from '../../language/resolve.ts';
import { isWhole } from '../../language/validate/missing.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { launchEvaluation } from '../launch/launch-evaluation.ts';
import { openChecked, type CheckedConfig } from '../launch/open-checked.ts';
import { checkId } from '../launch/start.ts';

/** `tunebook evaluate FILE [NAME]`: measures every candidate on the same examples and says what the numbers mean. */
export async function evaluate(input: CommandInput): Promise<ExitCode> {
  checkId(input, 'evaluate');
  const signal = input.interruption.toAbortSignal();
  const config = await openChecked(input, 'evaluate', signal);
  if (!config) return EXIT.wrongInput;
  warnOfObjectives(input, config);
  return (await launchEvaluation(input, config, signal)).code;
}

/** An objective is not silently left alone: whoever wrote one expects to hear whether it is met. */
function warnOfObjectives({ terminal }: CommandInput, { project, document }: CheckedConfig): void {
  const objectives = document.file.documents.filter(({ kind }) => kind === 'objective');
  for (const each of objectives) {
    if (!isWhole(project, each)) continue;
    const { name, evaluate: measured } = resolveObjective(project, each);
    if (measured.name !== document.name || measured.file !== document.file.path) continue;
    terminal.printError(
      `The objective "${name}" is not judged by this version of Tunebook: compare its numbers with the result yourself.`,
    );
  }
}
