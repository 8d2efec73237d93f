import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../protocol/error.ts';
import { RUN_FILES, type RunManifest, type RunProcess } from '../protocol/run.ts';
import { syncFolder, writeFileAtomic } from './atomic.ts';
import { explainWriteError, systemCode } from './errors.ts';
import { thisProcess } from './process.ts';
import { runsFolder } from './workspace.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Makes the run directory with its `run.json`, an empty `events.jsonl` and this process in `process.json`, and gives back its
 * absolute path. The directory appears whole or not at all, so that nobody sees a run without a process and takes it
 * for lost. `.tunebook` gets a `.gitignore` of its own the first time.
 * @param fill puts more into it before it appears
 * @throws TunebookError `run/exists` when the id is taken (two windows starting the same run), `run/disk-full`,
 * `run/not-writable`.
 */
export function createRunDirectory(
  workspace: string,
  manifest: RunManifest,
  fill: (unfinished: string) => void = () => undefined,
): string {
  const runs = runsFolder(workspace);
  const directory = join(runs, manifest.id);
  const unfinished = join(runs, `.new-${manifest.id}-${process.pid}`);
  try {
    makeFolder(runs);
    const ignore = join(runs, '..', '.gitignore');
    if (!existsSync(ignore)) writeFileAtomic(ignore, '*\n');
    mkdirSync(unfinished);
    writeFileAtomic(join(unfinished, RUN_FILES.manifest), `${JSON.stringify(manifest, undefined, 2)}\n`);
    writeFileSync(join(unfinished, RUN_FILES.events), '');
    const creator: RunProcess = { ...thisProcess(), heartbeat: new Date().toISOString() };
    writeFileSync(join(unfinished, RUN_FILES.process), `${JSON.stringify(creator)}\n`);
    fill(unfinished);
    renameSync(unfinished, directory);
    syncFolder(runs);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(systemCode(error) ?? '') && existsSync(directory))
      throw new TunebookError('run/exists', `A run with the id ${manifest.id} exists already.`, {
        hint: 'Leave --id out, and the run gets an id of its own.',
        location: { file: directory },
      });
    throw explainWriteError(error, 'the run directory', directory);
  }
  return directory;
}
