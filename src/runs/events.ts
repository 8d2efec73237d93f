import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { RunEvent } from '../protocol/events.ts';
import { RUN_FILES } from '../protocol/run.ts';
import { systemCode } from './errors.ts';
import { parseEvent } from './parse-event.ts';
import { MetricsScanner } from './scan-metrics.ts';

/** So many events are told at once: few enough that they are garbage before anybody moves them in memory. */
const BATCH = 16;

/** Something in `events.jsonl` that could not be used. `byte` is where its line begins. */
export interface EventsProblem {
  byte: number;
  message: string;
}

/** Where to read on, and how much. */
export interface EventsPlace {
  fromByte?: number;
  /** CRC-32 of what lies before that byte. */
  crc?: number;
  /** How much to read at most, so that a file of any size can be read in pieces; a longer line is skipped. */
  maxBytes?: number | undefined;
  /** What an earlier reading gave; of another file everything is read. */
  fileId?: number | undefined;
  /** Memory to read into, at least `maxBytes` long; new memory without it. */
  room?: Buffer;
}

/** How a reading ended. */
export interface EventsScan {
  /** Where to go on reading: behind the last whole line that was read. */
  nextByte: number;
  /** CRC-32 of what lies before that byte, as it was when it was read. */
  crc: number;
  /** More whole lines were there than `maxBytes` let through. */
  more: boolean;
  /** The file was replaced (it is another one, or shorter than `fromByte`): reading began at its start again. */
  reset: boolean;
  /** Tells the file from another that took its place. Undefined while there is none. */
  fileId?: number;
  problems: EventsProblem[];
}

/** Told of events as they are read, in order. `reset` says that the file was replaced: what was told before is void. */
export type EventsListener = (events: readonly RunEvent[], reset: boolean) => void;

/** Reads like {@link scanEvents}, and gives all the events. */
export function readEvents(directory: string, place: EventsPlace = {}): EventsScan & { events: RunEvent[] } {
  const events: RunEvent[] = [];
  const scan = scanEvents(directory, place, (some) => events.push(...some));
  return { ...scan, events };
}

/**
 * Reads the whole lines of a run's `events.jsonl` from a byte on, and tells of their events, some at a time. A last line without its
 * newline is left for the next time: it is being written, or was torn when its process died. A line that is no event is a problem,
 * never fatal; so is a missing file. Throws what `tell` throws.
 */
export function scanEvents(
  directory: string,
  { fromByte = 0, crc = 0, maxBytes = 16 * 1024 * 1024, fileId, room }: EventsPlace,
  tell: EventsListener,
): EventsScan {
  const scan: EventsScan = { nextByte: fromByte, crc, more: false, reset: false, problems: [] };
  let piece: Piece | undefined;
  try {
    piece = readPiece(join(directory, RUN_FILES.events), { fromByte, maxBytes, fileId, room });
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    const why = code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`;
    scan.problems.push({ byte: 0, message: `${RUN_FILES.events} ${why}.` });
  }
  if (!piece) return scan;
  const { bytes, start, size } = piece;
  scan.fileId = piece.fileId;
  scan.reset = start !== fromByte || (fileId !== undefined && fileId !== piece.fileId);
  if (scan.reset) tell([], true);
  scan.nextByte = start + tellLines(bytes, start, scan.problems, tell);
  const lineFits = scan.nextByte > start;
  if (!lineFits && bytes.length === maxBytes) {
    scan.problems.push({ byte: start, message: `A line is longer than ${maxBytes} bytes.` });
    scan.nextByte += bytes.length;
  }
  scan.crc = crc32(bytes.subarray(0, scan.nextByte - start), scan.reset ? 0 : crc);
  scan.more = bytes.length === maxBytes && scan.nextByte < size;
  return scan;
}

interface Piece {
  /** What was read, from the byte `start` on. */
  bytes: Buffer;
  start: number;
  /** Of the whole file. */
  size: number;
  fileId: number;
}

type ReadFrom = Required<Pick<EventsPlace, 'fromByte' | 'maxBytes'>> & Pick<EventsPlace, 'fileId' | 'room'>;

/** Throws Node's system errors. */
function readPiece(path: string, { fromByte, maxBytes, fileId, room }: ReadFrom): Piece {
  const file = openSync(path, 'r');
  try {
    const { size, ino } = fstatSync(file);
    const isAnother = size < fromByte || (fileId !== undefined && fileId !== ino);
    const start = isAnother ? 0 : fromByte;
    const wanted = Math.min(size - start, maxBytes);
    const bytes = room ? room.subarray(0, wanted) : Buffer.allocUnsafe(wanted);
    return { bytes: bytes.subarray(0, fill(file, bytes, start)), start, size, fileId: ino };
  } finally {
    closeSync(file);
  }
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

/**
 * Tells of the events of whole lines, and gives how many bytes these are. Splits at newline bytes, so that a character of several
 * bytes is never cut.
 */
function tellLines(bytes: Buffer, base: number, problems: EventsProblem[], tell: EventsListener): number {
  const scanner = new MetricsScanner(bytes);
  let events: RunEvent[] = [];
  let start = 0;
  for (;;) {
    let event: RunEvent | string | undefined = scanner.scan(start);
    if (event) start = scanner.end;
    else {
      const end = bytes.indexOf(10, start);
      if (end === -1) break;
      event = parseEvent(bytes.toString('utf8', start, end));
      if (typeof event === 'string') problems.push({ byte: base + start, message: event });
      else if (event) scanner.learn(event);
      start = end + 1;
    }
    if (typeof event === 'object') events.push(event);
    if (events.length < BATCH) continue;
    tell(events, false);
    events = [];
  }
  if (events.length > 0) tell(events, false);
  return start;
}
