import { isNotebookPath } from '../../language/notebook/notebook-path.ts';
import type { RunParent } from '../../protocol/run.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { runNotebook } from '../notebook/run-notebook.ts';
import { launchSweep } from '../sweep/launch-sweep.ts';
import { launchRun } from '../launch/launch-run.ts';
import { openChecked } from '../launch/open-checked.ts';
import { checkId } from '../launch/start.ts';

/**
 * `tunebook run FILE [NAME]`: carries a notebook out; of a config, or with a name, checks the config, makes the run directory, and trains in it; of a sweep, run after run.
 * @param parent the run that this one is a copy of, if it is one
 */
export async function run(input: CommandInput, parent?: RunParent): Promise<ExitCode> {
  const [file = '', name] = input.positionals;
  if (name === undefined && isNotebookPath(file)) return await runNotebook(input);
  refuseNotebookFlags(input);
  checkId(input, 'run');
  const signal = input.interruption.toAbortSignal();
  const config = await openChecked(input, ['run', 'sweep'], signal);
  if (!config) return EXIT.wrongInput;
  if (config.document.kind === 'sweep') return (await launchSweep(input, config, signal)).code;
  return (await launchRun(input, config, signal, parent)).code;
}

/** @throws UsageError for flags that mean something for a whole notebook only */
function refuseNotebookFlags({ flags }: CommandInput): void {
  const given = (['cell', 'output', 'force'] as const).find((flag) => flags[flag] !== undefined);
  if (given === undefined) return;
  throw new UsageError(`--${given} is for notebooks (FILE.tunebook.md) without a NAME behind them.`, 'run');
}
