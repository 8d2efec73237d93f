import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from '../../runs/atomic.ts';
import { explainWriteError } from '../../runs/errors.ts';

/**
 * Fills a folder and puts it in its place whole or not at all: it is filled under a hidden name beside the place,
 * flushed to the disk, and renamed. A process that dies on the way leaves the former folder, or a hidden one that
 * {@link removeUnfinished} clears away.
 * @param what what is written, for the message
 * @throws TunebookError `run/disk-full` and its kind; nothing half-written is left
 */
export async function publishFolder(
  target: string,
  what: string,
  fill: (folder: string) => void | Promise<void>,
): Promise<void> {
  const unfinished = hidden(target, 'new');
  try {
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished);
    await fill(unfinished);
    for (const name of readdirSync(unfinished)) flush(join(unfinished, name));
    syncFolder(unfinished);
    removeFolder(target);
    renameSync(unfinished, target);
    syncFolder(dirname(target));
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw explainWriteError(error, what, target);
  }
}

/** Deletes a folder so that it is never seen half-deleted under its name. */
export function removeFolder(folder: string): void {
  if (!existsSync(folder)) return;
  const doomed = hidden(folder, 'old');
  rmSync(doomed, { recursive: true, force: true });
  renameSync(folder, doomed);
  rmSync(doomed, { recursive: true, force: true });
}

/** Clears away what a process left that died while it wrote or deleted a folder in `parent`. */
export function removeUnfinished(parent: string): void {
  for (const name of readdirSync(parent))
    if (/^\..+\.(new|old)$/.test(name)) rmSync(join(parent, name), { recursive: true, force: true });
}

function hidden(folder: string, state: 'new' | 'old'): string {
  return join(dirname(folder), `.${basename(folder)}.${state}`);
}

function flush(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
