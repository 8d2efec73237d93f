import { TunebookError } from '../protocol/error.ts';

/** The `code` of a Node system error (`ENOSPC`), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether an error means that there is no room left: a full disk, or a quota used up. */
export function isDiskFull(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/**
 * Says what a failed write means to a person. Errors that it does not know come back as they are.
 * @param what what was being written, as the middle of a sentence: `the run directory`.
 */
export function explainWriteError(error: unknown, what: string, path: string): unknown {
  const code = systemCode(error);
  if (isDiskFull(error))
    return new TunebookError('run/disk-full', `The disk is full: ${what} could not be written.`, {
      hint: 'Free some space (old runs lie in .tunebook/runs), then start the run again.',
      location: { file: path },
      cause: error,
    });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new TunebookError('run/not-writable', `No permission to write ${what}.`, {
      hint: 'Give yourself write access to the folder, or name another one with --workspace.',
      location: { file: path },
      cause: error,
    });
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new TunebookError('run/folder-gone', `The folder was removed while ${what} was being written.`, {
      hint: 'Start the run again, and leave its folder in place until it has ended.',
      location: { file: path },
      cause: error,
    });
  return error;
}
