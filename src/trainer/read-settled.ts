import { readFile, stat } from 'node:fs/promises';

/** A file that was written longer ago than this is no longer being written, in milliseconds; one that was emptied is for longer. */
const RECENT = 300;
const EMPTIED = 2000;
/** Between two looks, and how often at most. */
const PAUSE = 40;
const LOOKS = 50;

/**
 * The bytes of a file that an editor may just be saving. Editors empty a file and write it anew, so for a moment it is empty or cut
 * off: one that was written just now is read until two looks see the same, for two seconds at most.
 * @throws Error of the file system
 */
export async function readSettled(path: string): Promise<Uint8Array> {
  let bytes = await readFile(path);
  for (let look = 0; look < LOOKS; look++) {
    const { mtimeMs, size } = await stat(path);
    const age = Date.now() - mtimeMs;
    const limit = bytes.length === 0 || size === 0 ? EMPTIED : RECENT;
    // A file may be a fraction of a millisecond newer than the clock says, and much newer on a share with a clock of its own.
    if (Math.abs(age) > limit) return bytes;
    const wasWhole = bytes.length > 0 && bytes.length === size;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const again = await readFile(path);
    if (wasWhole && again.equals(bytes)) return again;
    bytes = again;
  }
  return bytes;
}
