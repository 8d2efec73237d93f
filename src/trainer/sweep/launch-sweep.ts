import { resolveSweep, type ResolvedRun } from '../../language/resolve.ts';
import type { CommandInput } from '../command-line/command.ts';
import { conduct } from '../launch/conduct.ts';
import type { Launched } from '../launch/launch-run.ts';
import type { CheckedConfig } from '../launch/open-checked.ts';
import { openHub } from '../launch/open-hub.ts';
import { pinRun } from '../launch/pin-sources.ts';
import { start } from '../launch/start.ts';
import { resolveTrials } from './resolve-trials.ts';
import { sweeping, sweepPlan } from './sweeping.ts';

/**
 * Carries out a `sweep:` document that was checked, in a directory of its own.
 * @throws TunebookError `sweep/wrong-values`, and those of the directory, of the Hub and of the sweep; the signal's reason when aborted before it begins
 */
export async function launchSweep(
  input: CommandInput,
  config: CheckedConfig,
  signal: AbortSignal,
): Promise<Launched> {
  const sweep = resolveSweep(config.project, config.document);
  const { hub, notices } = openHub(input, signal);
  const pin = (each: ResolvedRun) => pinRun(each, config.workspace, hub);
  const trials = await resolveTrials(input, config, sweep, { pin, signal });
  const started = await start(
    input,
    config,
    { plan: sweepPlan({ sweep, trials }), workspace: config.workspace, missing: [], notices },
    signal,
  );
  const code = await conduct(input, started, sweeping(input, { sweep, trials }, started, config));
  return { started, code };
}
