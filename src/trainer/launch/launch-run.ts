import { resolveRun } from '../../language/resolve.ts';
import type { RunParent } from '../../protocol/run.ts';
import type { CommandInput } from '../command-line/command.ts';
import type { ExitCode } from '../command-line/exit-codes.ts';
import { conduct, type Started } from './conduct.ts';
import { sourcesOf } from './fetch-sources.ts';
import type { CheckedConfig } from './open-checked.ts';
import { openHub } from './open-hub.ts';
import { pinRun } from './pin-sources.ts';
import { refuseTooLarge } from './refuse-too-large.ts';
import { runPlan } from './run-plan.ts';
import { start } from './start.ts';
import { suggestAfterRun } from './suggest-after-run.ts';
import { training } from './training.ts';
import { writtenDown } from './written-down.ts';

/** A run or an evaluation that has ended, and how. */
export interface Launched {
  started: Started;
  code: ExitCode;
}

/**
 * Trains a `run:` document that was checked, in a directory of its own.
 * @param parent the run that it is a copy of, if it is one
 * @throws TunebookError of the directory and of the Hub, `run/memory` where the model has no room; the signal's reason when aborted before it begins
 */
export async function launchRun(
  input: CommandInput,
  config: CheckedConfig,
  signal: AbortSignal,
  parent?: RunParent,
): Promise<Launched> {
  const { workspace } = config;
  const { hub, notices } = openHub(input, signal);
  const run = await pinRun(resolveRun(config.project, config.document), workspace, hub);
  const written = writtenDown(config, run);
  const afterwards = suggestAfterRun(config, run.name);
  const plan = { ...runPlan(run, written), ...(parent ? { parent } : {}) };
  const sources = sourcesOf(run, plan, workspace, notices);
  if (sources.missing.length === 0) await refuseTooLarge(run);
  const started = await start(input, config, sources, signal);
  const code = await conduct(input, started, training({ ...started, run, sources, afterwards }));
  return { started, code };
}
