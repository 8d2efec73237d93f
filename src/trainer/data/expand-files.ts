import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { expandPattern, isPattern } from '../../language/glob.ts';
import type { FolderEntry } from '../../language/host.ts';
import { dataError } from './problem.ts';

/**
 * The files of a split with those that fit in place of each pattern.
 * @param files absolute paths and patterns
 * @throws TunebookError `data/no-match`
 */
export async function expandFiles(files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) {
    // A name may hold these characters itself.
    if (!isPattern(file) || existsSync(file)) found.push(file);
    else {
      const matches = await expandPattern(file, listFolder);
      if (matches.length === 0)
        throw dataError(
          'data/no-match',
          `No file fits ${file}.`,
          { file },
          'Correct the pattern in `files:`; it is relative to the config.',
        );
      found.push(...matches);
    }
  }
  return found;
}

async function listFolder(folder: string): Promise<FolderEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? 'folder' : 'file' }));
}
