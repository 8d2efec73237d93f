import { resolveRun } from '../../language/resolve.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { conduct } from '../launch/conduct.ts';
import { openChecked } from '../launch/open-checked.ts';
import { pinBase } from '../launch/pin-base.ts';
import { runPlan } from '../launch/run-plan.ts';
import { checkId, start } from '../launch/start.ts';
import { suggestAfterRun } from '../launch/suggest-after-run.ts';
import { training } from '../launch/training.ts';

/** `tunebook run FILE [NAME]`: checks the config, makes the run directory, and trains in it. */
export async function run(input: CommandInput): Promise<ExitCode> {
  checkId(input, 'run');
  const signal = input.interruption.toAbortSignal();
  const config = await openChecked(input, 'run', signal);
  if (!config) return EXIT.wrongInput;
  const resolved = pinBase(resolveRun(config.project, config.document), config.workspace);
  const afterwards = suggestAfterRun(config, resolved.name);
  const started = await start(input, config, runPlan(resolved), signal);
  return await conduct(input, started, training({ ...started, run: resolved, afterwards }));
}
