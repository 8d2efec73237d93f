import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../runs/atomic.ts';
import type { TokenizedLanguageModel } from './language-model.ts';
import { isObject } from './tokenizer/json.ts';

/** Raised when the same text and settings make other tokens than before. */
const VERSION = 1;
/** Data with fewer tokens is read again faster than anybody notices. */
const WORTHWHILE = 50_000;
const CHECKSUM_BYTES = 32;

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

/**
 * The tokens of some data, from the cache where they are there, else made and put there. A file of the cache is named by the content that it
 * was made from, is written beside its place and renamed, and ends with its checksum: two runs may make it at once, and one that is torn is
 * made again.
 * @param inputs all that the tokens follow from: checksums of data and tokenizer, and the settings
 */
export async function cachedTokens(
  folder: string,
  inputs: unknown,
  make: () => Promise<TokenizedLanguageModel>,
): Promise<TokenizedLanguageModel> {
  const key = createHash('sha256')
    .update(JSON.stringify([VERSION, inputs]))
    .digest('hex');
  const file = join(folder, `${key}.tokens`);
  const known = readTokens(file);
  if (known) return known;
  const made = await make();
  if (made.report.tokens < WORTHWHILE) return made;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileAtomic(file, encode(made), { durable: false });
  } catch {
    // A full disk, or a folder that cannot be written to: the run needs no cache.
  }
  return made;
}

function readTokens(file: string): TokenizedLanguageModel | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const tokens = decode(readFileSync(file));
    const now = new Date();
    utimesSync(file, now, now);
    return tokens;
  } catch {
    rmSync(file, { force: true });
    return undefined;
  }
}

/** Sizes and report as a line of JSON, the arrays one after the other, and the sha256 of all that. */
function encode({ input_ids, offsets, loss_mask, packed, report }: TokenizedLanguageModel): Buffer {
  const arrays = [input_ids, offsets, ...(packed ? [packed.members, packed.offsets] : []), loss_mask];
  const head = { report, lengths: arrays.map(({ length }) => length), isPacked: packed !== undefined };
  const parts = [
    Buffer.from(`${JSON.stringify(head)}\n`),
    ...arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  ];
  const content = Buffer.concat(parts);
  return Buffer.concat([content, createHash('sha256').update(content).digest()]);
}

/** @throws Error where the content is not what was written */
function decode(bytes: Buffer): TokenizedLanguageModel {
  const content = bytes.subarray(0, -CHECKSUM_BYTES);
  const sum = createHash('sha256').update(content).digest();
  if (!sum.equals(bytes.subarray(-CHECKSUM_BYTES))) throw new Error('its checksum is another one');
  const end = content.indexOf('\n') + 1;
  const head: unknown = JSON.parse(content.toString('utf8', 0, end));
  if (!isObject(head)) throw new Error('its head is no object');
  // SAFETY: the checksum says that the head is as `encode` wrote it.
  const { report, lengths, isPacked } = head as {
    report: TokenizedLanguageModel['report'];
    lengths: number[];
    isPacked: boolean;
  };
  let at = end;
  const take = (bytesEach: number) => {
    const size = bytesEach * lengths.shift()!;
    // In memory of its own, where integers are aligned.
    const part = new Uint8Array(content.subarray(at, (at += size)));
    return part.buffer;
  };
  const [input_ids, offsets] = [new Int32Array(take(4)), new Int32Array(take(4))];
  const packed = isPacked
    ? { members: new Int32Array(take(4)), offsets: new Int32Array(take(4)) }
    : undefined;
  return { input_ids, offsets, loss_mask: new Uint8Array(take(1)), ...(packed && { packed }), report };
}
