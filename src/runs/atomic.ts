import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

let serial = 0;

/**
 * Writes a file so that a reader sees the old content or the new one, never a part: temporary file beside it, fsync,
 * rename. With `durable: false` the fsync is left out, for files that mean nothing after a crash of the machine.
 * On an error (a full disk, say) the temporary file is removed and the old file stands.
 */
export function writeFileAtomic(path: string, data: string | Uint8Array, { durable = true } = {}): void {
  const temporary = `${path}.${process.pid}-${++serial}.tmp`;
  try {
    const file = openSync(temporary, 'w');
    try {
      writeFileSync(file, data);
      if (durable) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (durable) syncFolder(dirname(path));
}

/** Makes renames in a folder survive a crash of the machine. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
