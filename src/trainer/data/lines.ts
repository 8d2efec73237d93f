import { isUtf8 } from 'node:buffer';
import { createReadStream, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isLfsPointer, lfsPointer } from '../lfs-pointer.ts';
import { dataError } from './problem.ts';

/** Some whole lines of a file: `text` ends with a line break, except at the end of the file. */
export interface LineBlock {
  text: string;
  /** The line that `text` begins with, from 1. */
  line: number;
  /** Bytes of the file (as it lies on the disk) that have been read so far. */
  bytes: number;
}

/** A line longer than this is refused: it would not fit a string, and no data set has one on purpose. */
const MAX_LINE_BYTES = 256 * 2 ** 20;
const NEWLINE = 0x0a;

/**
 * Reads a UTF-8 file in blocks of whole lines, so that memory does not grow with the file. `.gz` files are
 * unpacked on the way; a byte-order mark is dropped.
 * @throws TunebookError `file/missing`, `file/unreadable`, `data/not-utf8`, `data/bad-gzip`, `data/line-too-long`
 */
export async function* readLineBlocks(file: string, signal?: AbortSignal): AsyncGenerator<LineBlock> {
  await checkRegular(file);
  const source = createReadStream(file, { highWaterMark: 256 * 1024 });
  const stream: Readable = file.endsWith('.gz') ? source.pipe(createGunzip()) : source;
  // pipe() does not pass errors on.
  if (stream !== source) source.on('error', (error) => stream.destroy(error));
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let line = 1;
  try {
    for await (const chunk of stream) {
      signal?.throwIfAborted();
      // SAFETY: no encoding is set, so the stream gives buffers.
      const bytes = chunk as Buffer;
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      if (end > 0) {
        const block = Buffer.concat([...pending, bytes.subarray(0, end)]);
        yield { text: decode(file, block, line), line, bytes: source.bytesRead };
        line += count(block);
        pending = [];
        pendingBytes = 0;
      }
      if (end < bytes.length) pending.push(bytes.subarray(end));
      pendingBytes += bytes.length - end;
      if (pendingBytes > MAX_LINE_BYTES) throw lineTooLong(file, line);
    }
  } catch (error) {
    throw translate(file, error);
  } finally {
    source.destroy();
  }
  if (pendingBytes > 0) {
    yield { text: decode(file, Buffer.concat(pending), line), line, bytes: source.bytesRead };
  }
}

/**
 * Makes sure that a file can be opened.
 * @throws TunebookError `file/missing`, `file/unreadable`
 */
export async function checkReadable(file: string): Promise<void> {
  try {
    const handle = await open(file);
    const isFolder = (await handle.stat()).isDirectory();
    await handle.close();
    if (isFolder) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR', syscall: 'read' });
  } catch (error) {
    throw translate(file, error);
  }
}

/** A pipe or a device would be waited for without end. */
async function checkRegular(file: string): Promise<void> {
  let found: Stats;
  try {
    found = await stat(file);
  } catch (error) {
    throw translate(file, error);
  }
  if (found.isFile()) return;
  const message = `${file} cannot be read: ${found.isDirectory() ? 'it is a folder' : 'it is no regular file'}.`;
  const hint = found.isDirectory()
    ? 'Name the files in it; a pattern such as `data/*.jsonl` stands for several.'
    : 'Write the rows into a file, and name that.';
  throw dataError('file/unreadable', message, { file }, hint);
}

function count(block: Buffer): number {
  let lines = 0;
  for (let at = block.indexOf(NEWLINE); at !== -1; at = block.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

function decode(file: string, block: Buffer, line: number): string {
  if (line === 1) refuseOthers(file, block);
  if (!isUtf8(block)) throw notUtf8(file, block, line);
  const bom = line === 1 && block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf;
  return block.toString('utf8', bom ? 3 : 0);
}

/** What is no text of rows, whatever its name says. */
function refuseOthers(file: string, block: Buffer): void {
  if (isLfsPointer(block)) throw lfsPointer(file);
  if (block.toString('latin1', 0, 4) !== 'PK\u0003\u0004') return;
  throw dataError(
    'data/not-utf8',
    `${file} is no text but a zip archive, as Excel workbooks are.`,
    { file, line: 1, column: 1 },
    'Save the sheet as CSV (UTF-8), or unpack the archive, and name that file.',
  );
}

function notUtf8(file: string, block: Buffer, firstLine: number): Error {
  if (
    firstLine === 1 &&
    ((block[0] === 0xff && block[1] === 0xfe) || (block[0] === 0xfe && block[1] === 0xff))
  ) {
    return dataError(
      'data/not-utf8',
      `${file} is UTF-16, not UTF-8.`,
      { file, line: 1, column: 1 },
      SAVE_AS_UTF8,
    );
  }
  let line = firstLine;
  let start = 0;
  for (;;) {
    const next = block.indexOf(NEWLINE, start);
    const end = next === -1 ? block.length : next;
    const bytes = block.subarray(start, end);
    if (!isUtf8(bytes)) {
      const at = firstInvalidByte(bytes);
      const column = bytes.toString('utf8', 0, at).length + 1;
      const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
      const message = `Line ${line} of ${file} is not UTF-8: byte 0x${byte} at column ${column}.`;
      return dataError('data/not-utf8', message, { file, line, column }, SAVE_AS_UTF8);
    }
    start = end + 1;
    line++;
  }
}

const SAVE_AS_UTF8 =
  'Save the file as UTF-8 (in VS Code: click the encoding in the status bar, "Reopen with Encoding", then "Save with Encoding").';

/** Where the first sequence begins that is not UTF-8, found by halving: a valid prefix decodes, a longer one does not. */
function firstInvalidByte(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      valid = middle;
    } catch {
      invalid = middle;
    }
  }
  // The prefix may end inside a character, and it is that one which is wrong.
  while (valid > 0 && !isUtf8(bytes.subarray(0, valid))) valid--;
  return valid;
}

function lineTooLong(file: string, line: number): Error {
  return dataError(
    'data/line-too-long',
    `Line ${line} of ${file} is longer than ${MAX_LINE_BYTES / 2 ** 20} MiB.`,
    { file, line },
    'Put one row on a line; a JSON array may have one element on a line.',
  );
}

function translate(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.name === 'TunebookError') return error;
  const code = String(error.code);
  if (code === 'ENOENT') {
    return dataError(
      'file/missing',
      `${file} does not exist.`,
      { file },
      'Check the path in `files:`.',
      error,
    );
  }
  if (code.startsWith('Z_')) {
    const message = `${file} is no whole gzip file: ${error.message}.`;
    return dataError('data/bad-gzip', message, { file }, 'Fetch or pack the file again.', error);
  }
  if (!('syscall' in error)) return error;
  const message = `${file} cannot be read: ${code === 'EISDIR' ? 'it is a folder' : error.message}.`;
  return dataError(
    'file/unreadable',
    message,
    { file },
    'Check the path in `files:` and its permissions.',
    error,
  );
}
