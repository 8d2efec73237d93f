import { readdir, stat } from 'node:fs/promises';
import type { FolderEntry } from '../language/host.ts';
import { systemCode } from '../runs/errors.ts';

/** What lies at a path; `undefined` for nothing, and for what cannot be seen. */
export async function statPath(path: string): Promise<'file' | 'folder' | 'unreadable' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    return ['EACCES', 'EPERM'].includes(systemCode(error) ?? '') ? 'unreadable' : undefined;
  }
}

/** What a folder holds, links followed; empty where there is no such folder. */
export async function listFolder(path: string): Promise<FolderEntry[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return await Promise.all(
      entries.map(async (entry): Promise<FolderEntry> => {
        const kind = entry.isSymbolicLink() ? await statPath(`${path}/${entry.name}`) : undefined;
        const own = entry.isDirectory() ? 'folder' : 'file';
        return { name: entry.name, kind: kind === undefined || kind === 'unreadable' ? own : kind };
      }),
    );
  } catch {
    return [];
  }
}
