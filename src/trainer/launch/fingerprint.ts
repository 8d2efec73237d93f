import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import type { FileFingerprint } from '../../protocol/run.ts';
import { TunebookError } from '../../protocol/error.ts';

/**
 * Size and sha256 of a file. Its path is written relative to the workspace where it lies inside.
 * @throws TunebookError `file/unreadable`; the signal's reason when aborted
 */
export async function fingerprint(
  file: string,
  workspace: string,
  signal?: AbortSignal,
): Promise<FileFingerprint> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, signal })) {
      // SAFETY: a stream without an encoding gives buffers.
      const part = chunk as Buffer;
      bytes += part.length;
      hash.update(part);
    }
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TunebookError('file/unreadable', `${file} cannot be read: ${reason}`, {
      hint: 'Check the path and its permissions.',
      location: { file },
      cause,
    });
  }
  return { path: insideWorkspace(file, workspace), bytes, sha256: hash.digest('hex') };
}

/** A path relative to the workspace, with `/`; as it is where it lies outside. */
export function insideWorkspace(file: string, workspace: string): string {
  const path = relative(workspace, file);
  return path.startsWith('..') || isAbsolute(path) ? file : path.replaceAll('\\', '/');
}
