import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { TunebookError } from '../protocol/error.ts';
import { makeFolder } from './make-folder.ts';

/** The longest path that a Unix socket takes on every system (macOS: 104 bytes with the closing zero). */
const MAX_SOCKET_PATH = 103;

/**
 * The folder for what lives only as long as processes do: control sockets, device locks and queues. It is this user's
 * alone (`tunebook-<uid>` in the system's temporary folder, mode 0700) and the same for every workspace.
 * @throws TunebookError `run/runtime-folder` when someone else made a folder of that name.
 */
export function runtimeFolder(): string {
  const windows = process.platform === 'win32';
  const { uid, username } = userInfo();
  const folder = process.env.TUNEBOOK_RUNTIME_DIR ?? join(tmpdir(), `tunebook-${windows ? username : uid}`);
  makeFolder(folder, 0o700);
  const found = lstatSync(folder);
  if (!windows && (!found.isDirectory() || found.uid !== uid || (found.mode & 0o022) !== 0))
    throw new TunebookError('run/runtime-folder', `${folder} is not a folder that only you can write to.`, {
      hint: 'Remove it, or set TUNEBOOK_RUNTIME_DIR to a folder of your own.',
      location: { file: folder },
    });
  return folder;
}

/**
 * Where the control socket of a run listens: a short name made from the run directory, because a socket's path may
 * have some hundred bytes and a run directory may lie deeper, or on a network folder that holds no sockets.
 * Undefined when even that is too long.
 */
export function controlSocketPath(directory: string): string | undefined {
  const hash = createHash('sha256').update(resolve(directory)).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\tunebook-${hash}`;
  const path = join(runtimeFolder(), `${hash}.sock`);
  return Buffer.byteLength(path) <= MAX_SOCKET_PATH ? path : undefined;
}
