import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { TunebookError } from '../protocol/error.ts';
import { MachineLock } from './machine-lock.ts';
import { runtimeFolder } from './runtime-folder.ts';

/**
 * Makes this process the only one of this machine that goes on with a run, until it ends: two windows may press Resume at the
 * same moment. Gives the function that lets go of it.
 * @throws TunebookError `run/already-running`
 */
export function claimRun(dir: string): () => void {
  const hash = createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 16);
  const lock = new MachineLock(join(runtimeFolder(), `run-${hash}`));
  const id = basename(dir);
  const release = lock.tryAcquire(id, dir);
  if (release) return release;
  throw new TunebookError('run/already-running', `${id} is being gone on with already, by another process.`, {
    hint: `\`tunebook logs ${id} --follow\` shows how it goes on.`,
    location: { file: dir },
  });
}
