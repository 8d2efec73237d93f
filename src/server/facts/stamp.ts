import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What tells whether files have changed: size and time of each, `-` for one that is not there. */
export async function stampFiles(paths: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    paths.map(async (path) => {
      try {
        const { size, mtimeMs, ino } = await stat(path);
        return `${size}:${mtimeMs}:${ino}`;
      } catch {
        return '-';
      }
    }),
  );
  return stamps.join(' ');
}

/** The same of the files in a folder. */
export async function stampFolder(folder: string): Promise<string> {
  try {
    const names = (await readdir(folder)).sort();
    return `${names.join(' ')} ${await stampFiles(names.map((name) => join(folder, name)))}`;
  } catch {
    return '-';
  }
}
