import { resolveRun } from '../../language/resolve.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { conduct } from '../launch/conduct.ts';
import { openChecked } from '../launch/open-checked.ts';
import { sourcesOf } from '../launch/fetch-sources.ts';
import { openHub } from '../launch/open-hub.ts';
import { pinRun } from '../launch/pin-sources.ts';
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
  const { workspace } = config;
  const { hub, notices } = openHub(input, signal);
  const resolved = await pinRun(resolveRun(config.project, config.document), workspace, hub);
  const afterwards = suggestAfterRun(config, resolved.name);
  const sources = sourcesOf(resolved, runPlan(resolved), workspace, notices);
  const started = await start(input, config, sources, signal);
  return await conduct(input, started, training({ ...started, run: resolved, sources, afterwards }));
}
