import { resolve } from 'node:path';
import { resolveRun } from '../../language/resolve.ts';
import { createRunDirectory } from '../../runs/create.ts';
import { isRunId } from '../../runs/id.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import type { CommandInput } from '../command-line/command.ts';
import type { ExitCode } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { draftManifest } from '../launch/manifest.ts';
import { openConfig } from '../launch/open-config.ts';
import { runPlan } from '../launch/run-plan.ts';
import { trainRun } from '../launch/train-run.ts';

/** `tunebook run FILE [NAME]`: checks the config, makes the run directory, and trains in it. */
export async function run(input: CommandInput): Promise<ExitCode> {
  const [file = '', name] = input.positionals;
  const { id } = input.flags;
  if (id !== undefined && !isRunId(id))
    throw new UsageError(
      `${JSON.stringify(id)} is no run id: write it like 20261124T170135Z-name-1a2b.`,
      'run',
    );
  const signal = input.interruption.toAbortSignal();
  const config = await openConfig(file, 'run', name);
  const workspace = resolve(input.flags.workspace ?? findWorkspace(config.file));
  const resolved = resolveRun(config.project, config.document);
  const draft = await draftManifest(runPlan(resolved), workspace, {
    signal,
    ...(id === undefined ? {} : { id }),
  });
  const dir = createRunDirectory(workspace, draft.manifest);
  return await trainRun(input, { dir, run: resolved, manifest: draft.manifest, obstacle: draft.obstacle });
}
