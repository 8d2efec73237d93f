import { datasetOutput } from '../../language/notebook/output/dataset-output.ts';
import { resolveDataset } from '../../language/resolve.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { tellDataset } from '../notebook/tell-dataset.ts';
import { serveInspect } from '../inspect.ts';
import { openChecked } from '../launch/open-checked.ts';

/**
 * `tunebook inspect FILE [NAME]`: says what a data set holds. `tunebook inspect --stdio`: answers questions about data and models until
 * the other end hangs up.
 */
export async function inspect(input: CommandInput): Promise<ExitCode> {
  const { flags, positionals, terminal, interruption } = input;
  if (flags.stdio) {
    await serveInspect(process.stdin, process.stdout);
    return EXIT.done;
  }
  if (positionals.length === 0)
    throw new UsageError('`tunebook inspect` needs FILE, or --stdio to talk to an editor.', 'inspect');
  const signal = interruption.toAbortSignal();
  const config = await openChecked(input, 'dataset', signal);
  if (!config) return EXIT.wrongInput;
  const description = await tellDataset(resolveDataset(config.project, config.document), signal);
  if (flags.json) terminal.printJson(description);
  else terminal.print(datasetOutput(description));
  return EXIT.done;
}
