import { randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, openSync, readSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { makeFolder } from '../make-folder.ts';

/** Values in a block: 64 KiB of float64. */
export const BLOCK = 8192;
/** Blocks of which copies are kept in memory after they were read. */
const KEPT = 32;
/** The disk is left this much room at least: a run must not fail because somebody watched it. */
const LEAST_FREE = 2 ** 30;

/** Where a block lies in the folder of a store. */
export interface StoredBlock {
  file: string;
  at: number;
  /** CRC-32 of its bytes. */
  crc: number;
}

/** A block that was written cannot be read any more: its file was deleted, cut or changed. */
export class BlockLost extends Error {}

/** Block files of this process that are in use: nobody is to clear them away. */
const inUse = new Set<string>();

/** Whether a block file of this process is in use. `path` is absolute. */
export function isBlockFileInUse(path: string): boolean {
  return inUse.has(path);
}

/**
 * Keeps full blocks of columns in a file of its own in a folder, and gives them back. Without a folder, and from the moment on
 * where the folder cannot be written (read-only, no room), blocks stay in memory. No file is held open between calls.
 */
export class BlockStore {
  /** Where blocks are written, absolute; undefined where they stay in memory. */
  #folder: string | undefined;
  readonly #from: string | undefined;
  #file: string | undefined;
  #length = 0;
  readonly #recent = new Map<string, Float64Array>();
  /** Memory of a copy that is not kept any more, for the next one. */
  #spare: Float64Array | undefined;

  /** @param folder need not exist; it is made with the first block */
  constructor(folder?: string) {
    this.#folder = folder;
    this.#from = folder;
  }

  /** Makes its folder if need be. True when all blocks so far can be found again by another process. */
  begin(): boolean {
    try {
      if (this.#folder !== undefined) prepare(this.#folder);
    } catch {
      this.#folder = undefined;
    }
    return this.#folder !== undefined;
  }

  /** Keeps a full block, `[BLOCK]`. Gives where it lies, or a copy of it that stays in memory. */
  put(values: Float64Array): StoredBlock | Float64Array {
    if (this.#folder === undefined) return values.slice();
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    try {
      this.#file ??= begin(this.#folder);
      appendFileSync(join(this.#folder, this.#file), bytes);
    } catch {
      // A folder that cannot be written is no mistake: it is only slower to open the next time.
      this.#folder = undefined;
      return values.slice();
    }
    const block = { file: this.#file, at: this.#length, crc: crc32(bytes) };
    this.#length += bytes.length;
    return block;
  }

  /** The values of a block, not to be changed, and valid until the next call. @throws BlockLost */
  get(block: StoredBlock): Float64Array {
    const key = `${block.file} ${block.at}`;
    const known = this.#recent.get(key);
    const values = known ?? this.#read(block);
    this.#recent.delete(key);
    this.#recent.set(key, values);
    for (const [oldest, spare] of this.#recent) {
      if (this.#recent.size <= KEPT) break;
      this.#recent.delete(oldest);
      this.#spare = spare;
    }
    return values;
  }

  /** Nobody reads it any more. */
  close(): void {
    if (this.#from !== undefined && this.#file !== undefined) inUse.delete(join(this.#from, this.#file));
    this.#recent.clear();
  }

  #read({ file, at, crc }: StoredBlock): Float64Array {
    const values = this.#spare ?? new Float64Array(BLOCK);
    this.#spare = undefined;
    const bytes = Buffer.from(values.buffer);
    try {
      readAt(join(this.#from ?? '', file), bytes, at);
    } catch (error) {
      throw new BlockLost(`${file} cannot be read.`, { cause: error });
    }
    if (crc32(bytes) !== crc) throw new BlockLost(`${file} is torn at byte ${at}.`);
    return values;
  }
}

function readAt(path: string, bytes: Buffer, at: number): void {
  const handle = openSync(path, 'r');
  try {
    readSync(handle, bytes, 0, bytes.length, at);
  } finally {
    closeSync(handle);
  }
}

/** Throws where there is no room or no permission. */
function prepare(folder: string): void {
  const { bavail, bsize } = statfsSync(dirname(folder));
  if (bavail * bsize < LEAST_FREE) throw new Error('There is too little room on the disk.');
  makeFolder(folder);
}

/** Makes a file that no other process writes; its name tells whose it is. */
function begin(folder: string): string {
  prepare(folder);
  const file = `${process.pid}-${randomBytes(4).toString('hex')}.blocks`;
  closeSync(openSync(join(folder, file), 'wx'));
  inUse.add(join(folder, file));
  return file;
}
