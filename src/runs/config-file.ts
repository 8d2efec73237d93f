import { readFile, stat } from 'node:fs/promises';
import { TunebookError } from '../protocol/error.ts';
import { systemCode } from './errors.ts';

/** A config is written by hand: a larger file is none, and is not read. */
const MAX_BYTES = 16 * 2 ** 20;

/**
 * The bytes of a config on disk; `undefined` where there is no such file.
 * @param read reads what is there and not too large
 * @throws TunebookError `config/unreadable`, whose message and hint are whole sentences without the file's name
 */
export async function readConfigFile(
  path: string,
  read: (path: string) => Promise<Uint8Array> = readFile,
): Promise<Uint8Array | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile() && !found.isDirectory())
      throw unreadable('It is no regular file.', 'Write the config into a file, and name that.');
    const { size } = found;
    if (size > MAX_BYTES)
      throw unreadable(
        `It has ${Math.round(size / 2 ** 20)} MB, and no config is that large.`,
        'Name the config; data stand in files of their own, which `files:` of a `dataset:` names.',
      );
    return await read(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EISDIR')
      throw unreadable('It is a folder.', 'Name a file in it: NAME.tune.yaml or NAME.tunebook.md.', error);
    if (code === 'EACCES' || code === 'EPERM')
      throw unreadable('You have no permission to read it.', 'Give yourself permission to read it.', error);
    throw error;
  }
}

function unreadable(message: string, hint: string, cause?: unknown): TunebookError {
  return new TunebookError('config/unreadable', message, { hint, cause });
}
