import { existsSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';
import type { ResolvedEvaluate, ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import {
  RUN_FORMAT_VERSION,
  type FileFingerprint,
  type RunManifest,
  type RunSummary,
} from '../../protocol/run.ts';
import { fillConfig, maskOf } from '../../runs/environment.ts';
import { hubCacheFolder } from '../../runs/hub-cache.ts';
import { readManifest } from '../../runs/read.ts';
import { isFinal } from '../../protocol/events.ts';
import { removeUnfinished } from '../checkpoint/publish-folder.ts';
import { chooseDevice } from '../runtime/devices.ts';
import { fingerprint } from './fingerprint.ts';

/** A run directory whose work can go on. */
export type Resumable = { dir: string; manifest: RunManifest } & (
  | { kind: 'run'; config: ResolvedRun }
  | { kind: 'evaluate'; config: ResolvedEvaluate }
  /** A `SweepConfig`. */
  | { kind: 'sweep'; config: unknown }
);

/**
 * Reads what a run was started with and makes sure that going on gives what it would have given undisturbed.
 * @throws TunebookError `run/not-resumable`, `run/inputs-changed`, `run/environment-missing`; the signal's reason when aborted
 */
export async function readResumable(
  { dir, id, state }: RunSummary,
  workspace: string,
  signal: AbortSignal,
): Promise<Resumable> {
  const { manifest, problem } = readManifest(dir);
  if (!manifest || manifest.formatVersion > RUN_FORMAT_VERSION)
    throw notResumable(id, problem ?? 'its run.json cannot be read', 'Start the run again.');
  if (state === 'finished')
    throw notResumable(id, 'it has finished', `\`tunebook show ${id}\` shows what came of it.`);
  if (!isFinal(state))
    throw notResumable(id, `it is ${state}`, `\`tunebook logs ${id} --follow\` shows how it goes on.`);
  const config = fillConfig(manifest.config, manifest.environment, id);
  await checkInputs(manifest, workspace, signal);
  removeUnfinished(dir);
  if (manifest.kind === 'sweep') return { dir, manifest, kind: 'sweep', config };
  const device = manifest.device ?? (await chooseDevice('auto'));
  const known = { dir, manifest: { ...manifest, device } };
  // SAFETY: `config` was written by this program as the resolved document of this kind, of a format that it knows.
  if (manifest.kind === 'run') return { ...known, kind: 'run', config: config as ResolvedRun };
  // SAFETY: as above.
  return { ...known, kind: 'evaluate', config: config as ResolvedEvaluate };
}

/**
 * Makes sure that data and weights are those that a run was started with: others would make another curve.
 * @throws TunebookError `run/inputs-changed`, `file/unreadable`; the signal's reason when aborted
 */
export async function checkInputs(
  { datasets, model, environment }: RunManifest,
  workspace: string,
  signal: AbortSignal,
): Promise<void> {
  const files: FileFingerprint[] = [...datasets.flatMap((each) => each.files), ...(model?.files ?? [])];
  const { unmask } = maskOf(environment?.masked ?? []);
  for (const { path, sha256 } of unmask(files)) {
    const file = isAbsolute(path) ? path : join(workspace, path);
    // What is gone from the Hub's cache is fetched again, by its checksum.
    if (file.startsWith(join(hubCacheFolder(), sep)) && !existsSync(file)) continue;
    const now = await fingerprint(file, workspace, signal);
    if (now.sha256 === sha256) continue;
    throw new TunebookError('run/inputs-changed', `${path} has changed since the run was started.`, {
      hint: 'Start a new run: going on with other data or weights would be neither the old run nor a new one.',
      location: { file },
    });
  }
}

function notResumable(id: string, why: string, hint: string): TunebookError {
  return new TunebookError('run/not-resumable', `${id} cannot go on: ${why}.`, { hint });
}
