import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../protocol/events.ts';
import { RUN_FILES } from '../protocol/run.ts';
import { systemCode } from './errors.ts';
import { parseEvent } from './parse-event.ts';

/** Something in `events.jsonl` that could not be used. `byte` is where its line begins. */
export interface EventsProblem {
  byte: number;
  message: string;
}

export interface EventsRead {
  events: RunEvent[];
  /** Where to go on reading: behind the last whole line that was read. */
  nextByte: number;
  /** More whole lines were there than `maxBytes` let through. */
  more: boolean;
  /** The file was replaced (it is another one, or shorter than `fromByte`): reading began at its start again. */
  reset: boolean;
  /** Tells the file from another that took its place. Undefined while there is none. */
  fileId?: number;
  problems: EventsProblem[];
}

/**
 * Reads the whole lines of a run's `events.jsonl` from a byte on. A last line without its newline is left for the next
 * time: it is being written, or was torn when its process died. A line that is no event is a problem, never fatal; so
 * is a missing file.
 * @param fileId what an earlier reading gave; of another file everything is read
 * @param maxBytes how much to read at most, so that a file of any size can be read in pieces; a longer line is skipped.
 */
export function readEvents(
  directory: string,
  {
    fromByte = 0,
    maxBytes = 16 * 1024 * 1024,
    fileId,
  }: { fromByte?: number; maxBytes?: number; fileId?: number | undefined } = {},
): EventsRead {
  const result: EventsRead = { events: [], nextByte: fromByte, more: false, reset: false, problems: [] };
  try {
    const file = openSync(join(directory, RUN_FILES.events), 'r');
    try {
      readPiece(file, maxBytes, result, fileId);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    const why = code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`;
    result.problems.push({ byte: 0, message: `${RUN_FILES.events} ${why}.` });
  }
  return result;
}

function readPiece(file: number, maxBytes: number, result: EventsRead, fileId: number | undefined): void {
  const { size, ino } = fstatSync(file);
  result.fileId = ino;
  if (size < result.nextByte || (fileId !== undefined && fileId !== ino)) {
    result.reset = true;
    result.nextByte = 0;
  }
  const start = result.nextByte;
  const bytes = Buffer.allocUnsafe(Math.min(size - start, maxBytes));
  const filled = fill(file, bytes, start);
  readLines(bytes.subarray(0, filled), result);
  const lineFits = result.nextByte > start;
  if (!lineFits && filled === maxBytes) {
    result.problems.push({ byte: start, message: `A line is longer than ${maxBytes} bytes.` });
    result.nextByte += filled;
  }
  result.more = filled === maxBytes && result.nextByte < size;
}

function fill(file: number, bytes: Buffer, position: number): number {
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(file, bytes, filled, bytes.length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** Splits at newline bytes, so that a character of several bytes is never cut. */
function readLines(bytes: Buffer, result: EventsRead): void {
  const base = result.nextByte;
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    const event = parseEvent(bytes.toString('utf8', start, end));
    if (typeof event === 'string') result.problems.push({ byte: base + start, message: event });
    else if (event) result.events.push(event);
    start = end + 1;
  }
  result.nextByte = base + start;
}
