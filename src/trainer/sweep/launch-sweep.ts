import { EnvironmentKeeper } from '../../language/environment/keep-unexpanded.ts';
import { findDocument, resolveSweep, type ResolvedRun } from '../../language/resolve.ts';
import type { CommandInput } from '../command-line/command.ts';
import { conduct } from '../launch/conduct.ts';
import type { Launched } from '../launch/launch-run.ts';
import type { Written } from '../launch/manifest.ts';
import type { CheckedConfig } from '../launch/open-checked.ts';
import { openHub } from '../launch/open-hub.ts';
import { pinRun } from '../launch/pin-sources.ts';
import { start } from '../launch/start.ts';
import { resolveTrials } from './resolve-trials.ts';
import { sweeping, sweepPlan, type SweepConfig } from './sweeping.ts';

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
    {
      plan: sweepPlan(sweep, writtenSweep(config, { sweep, trials })),
      workspace: config.workspace,
      missing: [],
      notices,
    },
    signal,
  );
  const code = await conduct(input, started, sweeping(input, { sweep, trials }, started, config));
  return { started, code };
}

/** A sweep as `run.json` keeps it: each of its runs with `${env.NAME}` where a value comes from the environment. */
function writtenSweep({ project, document }: CheckedConfig, { sweep, trials }: SweepConfig): Written {
  const keeper = new EnvironmentKeeper(project);
  const { name, file } = sweep.run;
  const repeated = findDocument(project, file, 'run', name);
  const config = {
    sweep: keeper.keep(document, sweep, '/sweep'),
    trials: trials.map((trial, index) => ({
      ...trial,
      run: keeper.keep(repeated, trial.run, `/trials/${index}/run`),
    })),
  };
  return { config, environment: keeper.environment };
}
