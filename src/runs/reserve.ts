import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic.ts';

const RESERVED_BYTES = 64 * 1024;

/**
 * A little room on the disk that a run keeps for itself, so that on a full disk it can still write down that the disk
 * is full. Random bytes, because a file system that compresses would store zeros in no space.
 */
export class DiskReserve {
  readonly #path: string;

  constructor(directory: string) {
    this.#path = join(directory, '.reserve');
    writeFileAtomic(this.#path, randomBytes(RESERVED_BYTES));
  }

  /** Gives the room back. True when there was some to give. */
  release(): boolean {
    const held = existsSync(this.#path);
    rmSync(this.#path, { force: true });
    return held;
  }
}
