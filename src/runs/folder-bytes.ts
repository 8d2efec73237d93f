import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** How many bytes a file has, or the files of a folder have together. Links are not followed, and what cannot be read counts as nothing. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  try {
    if (!lstatSync(folder).isDirectory()) return lstatSync(folder).size;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      bytes += entry.isDirectory() ? folderBytes(path) : lstatSync(path).size;
    }
  } catch {
    // It is going away while it is looked at.
  }
  return bytes;
}
