import { TunebookError } from '../protocol/error.ts';

/**
 * The text of a UTF-8 file, its byte order mark kept.
 * @throws TunebookError that says in which line the first bytes stand that are no text
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TunebookError('config/not-utf8', `It is not UTF-8${firstInvalidLine(bytes)}.`, {
      hint: 'Save it as UTF-8.',
      cause: error,
    });
  }
}

function firstInvalidLine(bytes: Uint8Array): string {
  let line = 1;
  let start = 0;
  for (let end = 0; end <= bytes.length; end++) {
    if (end < bytes.length && bytes[end] !== 10) continue;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end));
    } catch {
      return `: line ${line} holds bytes that are no text`;
    }
    line++;
    start = end + 1;
  }
  return '';
}
