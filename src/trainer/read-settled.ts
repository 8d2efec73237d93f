import { readFile, stat } from 'node:fs/promises';

/** A file that was written longer ago than this is no longer being written, in milliseconds. */
const RECENT = 300;
/** Between two looks, and how often at most. */
const PAUSE = 40;
const LOOKS = 25;

/**
 * The bytes of a file that an editor may just be saving. Editors empty a file and write it anew, so for a moment it is empty or cut
 * off: one that was written just now is read until two looks see the same, for a second at most.
 * @throws Error of the file system
 */
export async function readSettled(path: string): Promise<Uint8Array> {
  let bytes = await readFile(path);
  for (let look = 0; look < LOOKS; look++) {
    const { mtimeMs, size } = await stat(path);
    const age = Date.now() - mtimeMs;
    if (age > RECENT || age < 0) return bytes;
    const wasWhole = bytes.length > 0 && bytes.length === size;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const again = await readFile(path);
    if (wasWhole && again.equals(bytes)) return again;
    bytes = again;
  }
  return bytes;
}
