import { createHash, type Hash } from 'node:crypto';
import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TokenizedLanguageModel } from './language-model.ts';
import { TokenFile, TokensInMemory, WORD_BYTES, type StoredTokens } from './stored-tokens.ts';
import { isObject } from './tokenizer/json.ts';
import { makeFolder } from '../../runs/make-folder.ts';

/** Raised when the same text and settings make other tokens than before. */
const VERSION = 4;
/** Data with fewer tokens is read again faster than anybody notices. */
const WORTHWHILE = 50_000;
const CHECKSUM_BYTES = 32;
/** Tokens that are in memory at once where all are looked at. */
const CHUNK = 1 << 18;

/** A file of the cache. */
export interface CachedTokens {
  readonly path: string;
  readonly bytes: number;
  /** When it was written or read last, in milliseconds since the epoch. */
  readonly usedAt: number;
}

/** Where the tokens of a workspace's data are kept; `undefined` where the workspace has no `.tunebook` yet. */
export function tokenCacheFolder(workspace: string): string | undefined {
  const own = join(workspace, '.tunebook');
  return existsSync(own) ? join(own, 'cache', 'tokens') : undefined;
}

/** What the cache of a workspace holds. */
export function listTokenCache(workspace: string): CachedTokens[] {
  const folder = tokenCacheFolder(workspace);
  if (folder === undefined || !existsSync(folder)) return [];
  return readdirSync(folder).map((name) => {
    const path = join(folder, name);
    const { size, mtimeMs } = statSync(path);
    return { path, bytes: size, usedAt: mtimeMs };
  });
}

let serial = 0;

/**
 * The tokens of some data, from the cache where they are there, else made and put there. A file of the cache is named by the content that it
 * was made from, is written beside its place and renamed, and ends with its checksum: two runs may make it at once, and one that is torn is
 * made again.
 * @param inputs all that the tokens follow from: checksums of data and tokenizer, and the settings
 * @param make is told where tokens go that are too many for memory; where the cache cannot be written to, that is its own affair
 */
export async function cachedTokens(
  folder: string,
  inputs: unknown,
  make: (path?: string) => Promise<TokenizedLanguageModel>,
): Promise<TokenizedLanguageModel> {
  const key = createHash('sha256')
    .update(JSON.stringify([VERSION, inputs]))
    .digest('hex');
  const file = join(folder, `${key}.tokens`);
  const known = readTokens(file);
  if (known) return known;
  const part = `${file}.${process.pid}-${++serial}.tmp`;
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch {
    // A folder that cannot be written to: the run needs no cache.
    return await make();
  }
  try {
    const made = await make(part);
    if (made.report.tokens >= WORTHWHILE) keep(made, part, file);
    return made;
  } finally {
    rmSync(part, { force: true });
  }
}

/** Without an error on a full disk: the run needs no cache. */
function keep(made: TokenizedLanguageModel, part: string, file: string): void {
  try {
    if (made.tokens instanceof TokensInMemory) writeFileSync(part, bytesOf(made.tokens.words));
    appendFileSync(part, tailOf(made));
    renameSync(part, file);
  } catch {
    rmSync(part, { force: true });
  }
}

function readTokens(file: string): TokenizedLanguageModel | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const tokens = decode(file);
    const now = new Date();
    utimesSync(file, now, now);
    return tokens;
  } catch {
    rmSync(file, { force: true });
    return undefined;
  }
}

/** What stands behind the tokens: the other arrays, report and sizes as JSON, the length of that, and the sha256 of all before. */
function tailOf({ tokens, offsets, packed, report }: TokenizedLanguageModel): Buffer {
  const arrays = [offsets, ...(packed ? [packed.members, packed.offsets] : [])];
  const sizes = { report, tokens: tokens.length, arrays: arrays.map(({ length }) => length) };
  const json = Buffer.from(JSON.stringify(sizes));
  const tail = Buffer.concat([...arrays.map(bytesOf), json, bytesOf(Int32Array.of(json.length))]);
  return Buffer.concat([tail, hashOf(tokens).update(tail).digest()]);
}

/** @throws Error where the content is not what was written */
function decode(file: string): TokenizedLanguageModel {
  const { size } = statSync(file);
  const end = size - CHECKSUM_BYTES - WORD_BYTES;
  const length = readBytes(file, end, end + WORD_BYTES).readUInt32LE();
  const sizes: unknown = JSON.parse(readBytes(file, end - length, end).toString());
  if (!isObject(sizes)) throw new Error('its sizes are no object');
  // SAFETY: where they are others than were written, so is the checksum.
  const {
    report,
    tokens: count,
    arrays,
  } = sizes as {
    report: TokenizedLanguageModel['report'];
    tokens: number;
    arrays: number[];
  };
  const tokens = TokenFile.open(file, count);
  const tail = readBytes(file, count * WORD_BYTES, size);
  const sum = hashOf(tokens).update(tail.subarray(0, -CHECKSUM_BYTES)).digest();
  if (!sum.equals(tail.subarray(-CHECKSUM_BYTES))) throw new Error('its checksum is another one');
  let at = 0;
  const take = () => new Int32Array(tail.buffer.slice(at, (at += arrays.shift()! * WORD_BYTES)));
  const offsets = take();
  return {
    tokens,
    offsets,
    ...(arrays.length > 0 && { packed: { members: take(), offsets: take() } }),
    report,
  };
}

/** In memory of its own. */
function readBytes(path: string, from: number, to: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(to - from);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, bytes, 0, bytes.length, from) < bytes.length) throw new Error('it is too short');
  } finally {
    closeSync(file);
  }
  return bytes;
}

function hashOf(tokens: StoredTokens): Hash {
  const hash = createHash('sha256');
  for (let from = 0; from < tokens.length; from += CHUNK)
    hash.update(bytesOf(tokens.read(from, Math.min(tokens.length, from + CHUNK))));
  return hash;
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
