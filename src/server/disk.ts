import { readdir, readFile, stat } from 'node:fs/promises';
import type { FolderEntry } from '../language/host.ts';
import { systemCode } from '../runs/errors.ts';

/** A config is written by hand: a file larger than this is none, and is not read into the server. */
const MAX_CONFIG_BYTES = 16 * 2 ** 20;

/**
 * The bytes of a config on disk; `undefined` where there is no such file.
 * @throws Error in words for people where it is there and cannot be read
 */
export async function readConfig(path: string): Promise<Uint8Array | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MAX_CONFIG_BYTES) {
      throw new Error(`It has ${Math.round(size / 2 ** 20)} MB, and no config is that large.`);
    }
    return await readFile(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EISDIR') throw new Error('It is a folder.', { cause: error });
    if (code === 'EACCES' || code === 'EPERM') {
      throw new Error('You have no permission to read it.', { cause: error });
    }
    throw error;
  }
}

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
