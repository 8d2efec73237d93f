import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { TunebookError } from '../protocol/error.ts';
import { systemCode } from './errors.ts';

/**
 * Makes a folder with those above it that are missing; one that is there is left as it is. Not `mkdirSync` with `recursive`: that
 * one never returns where a file system says ENOENT for whatever is new (/proc, for one).
 * @param mode permissions of what is made
 * @throws TunebookError `run/not-a-folder`, and the system's errors
 */
export function makeFolder(folder: string, mode?: number): void {
  const error = tryToMake(folder, mode);
  const parent = dirname(folder);
  if (systemCode(error) !== 'ENOENT' || parent === folder) {
    if (error) throw error;
    return;
  }
  makeFolder(parent, mode);
  const again = tryToMake(folder, mode);
  if (systemCode(again) === 'ENOENT')
    throw Object.assign(new Error(`EACCES: ${parent} takes no new folders`, { cause: again }), {
      code: 'EACCES',
    });
  if (again) throw again;
}

/** Makes one folder; gives back why it is not there afterwards. */
function tryToMake(folder: string, mode: number | undefined): Error | undefined {
  try {
    mkdirSync(folder, { mode });
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
    const code = systemCode(error);
    return code === 'EEXIST' || code === 'ENOTDIR' ? notAFolder(folder, error) : error;
  }
}

function notAFolder(folder: string, cause: unknown): TunebookError {
  let file = folder;
  while (!existsSync(file) && dirname(file) !== file) file = dirname(file);
  return new TunebookError('run/not-a-folder', `${file} is a file, and a folder is needed there.`, {
    hint: 'Move the file away, or name another folder.',
    location: { file },
    cause,
  });
}
