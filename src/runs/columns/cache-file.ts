import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { RUN_FILES } from '../../protocol/run.ts';
import { writeFileAtomic } from '../atomic.ts';
import { isPidTaken } from '../process.ts';
import type { ReadPlace } from '../read.ts';
import { isBlockFileInUse } from './block-store.ts';
import { pack, unpack } from './pack.ts';

/** Another number for every change of what is kept: a cache of another version is made anew. */
const VERSION = 3;
const INDEX = 'index.bin';
/** So much of the beginning and of the end of what was read is compared at once; all of it by `PrefixCheck`. */
const COMPARED = 64 * 1024;

/** What tells whether `events.jsonl` still begins with what a cache was made of. */
interface Stamp {
  size: number;
  mtime: number;
  digest: string;
}

/** What was made of the events of a run up to a place. */
export interface CachedRead {
  place: ReadPlace;
  /** The state of whoever wrote it. */
  state: unknown;
}

/** Where the cache of a run lies: beside its events, and safe to delete. */
export function cacheFolder(dir: string): string {
  return join(dir, RUN_FILES.cache);
}

/**
 * What was kept of the events of a run directory; undefined where nothing was, or it is torn, or the events are others now. Where the
 * file changed since, `hasGrown` says that the middle of what was read has not been looked at: that is left to a `PrefixCheck`.
 */
export function readCache(dir: string): (CachedRead & { hasGrown: boolean }) | undefined {
  try {
    const bytes = readFileSync(join(cacheFolder(dir), INDEX));
    const [version, crc, body] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.subarray(8)];
    if (version !== VERSION || crc32(body) !== crc) return undefined;
    // SAFETY: the checksum and the version say that `writeCache` of this version wrote it.
    const { stamp, ...read } = unpack(body) as CachedRead & { stamp: Stamp };
    const now = stampOf(dir, read.place);
    if (!now || now.digest !== stamp.digest || now.size < read.place.nextByte) return undefined;
    const hasGrown = now.size !== stamp.size;
    return hasGrown || now.mtime === stamp.mtime ? { ...read, hasGrown } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps what was made of the events up to a place, and clears away blocks that nobody needs.
 * @param files names of the block files that the state points to
 * @returns the size in bytes; undefined where it could not be written
 */
export function writeCache(dir: string, read: CachedRead, files: ReadonlySet<string>): number | undefined {
  try {
    const stamp = stampOf(dir, read.place);
    if (!stamp) return undefined;
    const body = pack({ ...read, stamp });
    const head = Buffer.alloc(8);
    head.writeUInt32LE(VERSION, 0);
    head.writeUInt32LE(crc32(body), 4);
    writeFileAtomic(join(cacheFolder(dir), INDEX), Buffer.concat([head, body]), { durable: false });
    clearAway(cacheFolder(dir), files);
    return body.length;
  } catch {
    // Without a cache the next opening is slower, and nothing else.
    return undefined;
  }
}

function stampOf(dir: string, { nextByte, fileId }: ReadPlace): Stamp | undefined {
  const file = openSync(join(dir, RUN_FILES.events), 'r');
  try {
    const { size, mtimeMs, ino } = fstatSync(file);
    if (ino !== fileId) return undefined;
    const digest = createHash('sha256');
    for (const from of [0, Math.max(0, nextByte - COMPARED)]) {
      const bytes = Buffer.alloc(Math.min(COMPARED, nextByte - from));
      digest.update(bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from)));
    }
    return { size, mtime: mtimeMs, digest: digest.digest('hex') };
  } finally {
    closeSync(file);
  }
}

/** Removes block files that the index does not name and no process that lives may still be writing. */
function clearAway(folder: string, files: ReadonlySet<string>): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^(\d+)-\w+\.blocks$/.exec(name)?.[1] ?? /\.(\d+)-\d+\.tmp$/.exec(name)?.[1]);
    if (Number.isNaN(pid) || files.has(name)) continue;
    const path = join(folder, name);
    const inUse = pid === process.pid ? isBlockFileInUse(path) : isPidTaken(pid);
    if (!inUse) rmSync(path, { force: true });
  }
}
