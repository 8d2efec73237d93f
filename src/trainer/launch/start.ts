import { createRunDirectory } from '../../runs/create.ts';
import { isRunId } from '../../runs/id.ts';
import type { CommandInput } from '../command-line/command.ts';
import { UsageError } from '../command-line/usage-error.ts';
import type { Started } from './conduct.ts';
import type { Sources } from './fetch-sources.ts';
import { draftManifest } from './manifest.ts';
import type { CheckedConfig } from './open-checked.ts';

/**
 * Makes the directory of a run or an evaluation.
 * @param fill puts more into it before it appears
 * @throws UsageError for an id that is none; TunebookError `run/exists`, `run/not-writable`, `run/disk-full`
 */
export async function start(
  { flags: { id } }: CommandInput,
  { workspace, host }: Pick<CheckedConfig, 'workspace' | 'host'>,
  { plan, missing }: Sources,
  signal: AbortSignal,
  fill?: (unfinished: string) => void,
): Promise<Started> {
  const draft = await draftManifest(plan, {
    workspace,
    facts: host.facts,
    signal,
    awaitsSources: missing.length > 0,
    ...(id === undefined ? {} : { id }),
  });
  return { dir: createRunDirectory(workspace, draft.manifest, fill), ...draft };
}

/** @throws UsageError where `--id` is given and has not the form of an id */
export function checkId({ flags: { id } }: CommandInput, command: string): void {
  if (id === undefined || isRunId(id)) return;
  const example = '20261124T170135Z-intents-1a2b';
  throw new UsageError(`${JSON.stringify(id)} is no run id. One looks like ${example}.`, command);
}
