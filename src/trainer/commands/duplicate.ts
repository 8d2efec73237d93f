import { isAbsolute, join } from 'node:path';
import { existsSync } from 'node:fs';
import { TunebookError } from '../../protocol/error.ts';
import type { RunSummary } from '../../protocol/run.ts';
import { readManifest } from '../../runs/read.ts';
import type { CommandInput } from '../command-line/command.ts';
import type { ExitCode } from '../command-line/exit-codes.ts';
import { runOf, workspaceOf } from '../command-line/run-argument.ts';
import type { SweepConfig } from '../sweep/sweeping.ts';
import { run } from './run.ts';

/** `tunebook duplicate RUN --set FIELD=VALUE`: a new run of the document that a run came from, with other values. */
export async function duplicate(input: CommandInput): Promise<ExitCode> {
  const workspace = workspaceOf(input);
  const old = runOf(input);
  const { file, name, values } = sourceOf(old, workspace);
  const path = isAbsolute(file) ? file : join(workspace, file);
  if (!existsSync(path))
    throw new TunebookError('run/no-config', `The config of ${old.id} is no longer at ${path}.`, {
      hint: `\`tunebook restart ${old.id}\` starts it as it was; its config stands in run.json.`,
      location: { file: path },
    });
  const inherited = Object.entries(values).map(([field, value]) => `${field}=${JSON.stringify(value)}`);
  const set = [...inherited, ...(input.flags.set ?? [])];
  const flags = { ...input.flags, workspace, ...(set.length > 0 ? { set } : {}) };
  return await run({ ...input, positionals: [path, name], flags }, { id: old.id, as: 'duplicate' });
}

/** Where a run was written: one of a sweep is the run that the sweep repeats, with values of its own. */
function sourceOf(
  { file, name, parent }: RunSummary,
  workspace: string,
): { file: string; name: string; values: Record<string, unknown> } {
  if (parent?.as !== 'sweep') return { file, name, values: {} };
  const { manifest } = readManifest(join(workspace, '.tunebook', 'runs', parent.id));
  // SAFETY: written by this program as the config of a sweep; where it is gone, the name of the run is a guess that the check refuses.
  const sweep = (manifest?.config as SweepConfig | undefined)?.sweep;
  return { file: sweep?.run.file ?? file, name: sweep?.run.name ?? name, values: parent.values ?? {} };
}
