import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { RUN_FILES } from '../../protocol/run.ts';
import type { ReadPlace } from '../read.ts';

/**
 * Finds out, a piece at a time, whether `events.jsonl` still begins with what was read of it earlier. Somebody may have edited the
 * middle of it, and a run that goes on appends to it, so that its size and its time tell nothing.
 */
export class PrefixCheck {
  readonly #path: string;
  readonly #place: ReadPlace;
  #at = 0;
  #crc = 0;

  constructor(dir: string, place: ReadPlace) {
    this.#path = join(dir, RUN_FILES.events);
    this.#place = place;
  }

  /**
   * Looks at the next piece. `same` and `changed` are the end of it; a file that cannot be read has changed.
   * @param room memory to read into
   */
  advance(room: Buffer): 'more' | 'same' | 'changed' {
    const { nextByte, crc } = this.#place;
    const piece = room.subarray(0, Math.min(room.length, nextByte - this.#at));
    const count = readAt(this.#path, piece, this.#at);
    if (count === 0 && piece.length > 0) return 'changed';
    this.#crc = crc32(piece.subarray(0, count), this.#crc);
    this.#at += count;
    if (this.#at < nextByte) return 'more';
    return this.#crc === crc ? 'same' : 'changed';
  }
}

function readAt(path: string, bytes: Buffer, at: number): number {
  try {
    const file = openSync(path, 'r');
    try {
      return readSync(file, bytes, 0, bytes.length, at);
    } finally {
      closeSync(file);
    }
  } catch {
    return 0;
  }
}
