import { createHash, type Hash } from 'node:crypto';
import { createReadStream, existsSync, statfsSync } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TunebookError } from '../../protocol/error.ts';
import { formatBytes } from '../../protocol/format.ts';
import { isDiskFull, systemCode } from '../../runs/errors.ts';
import { MachineLock } from '../../runs/machine-lock.ts';
import { runtimeFolder } from '../../runs/runtime-folder.ts';
import type { CachedRepository } from './cache.ts';
import type { HubClient } from './client.ts';
import { explainFailure } from './explain-failure.ts';
import { HubFailure } from './failure.ts';
import { etagOf, nameOf, type HubFile, type Repository } from './repository.ts';
import type { HubSettings } from './settings.ts';
import { makeFolder } from '../../runs/make-folder.ts';

/** Times that a transfer is taken up again without a byte having come in between. */
const ATTEMPTS = 5;
/** Bytes that are left to others on the disk. */
const RESERVE = 64 * 2 ** 20;

export interface Download {
  readonly repository: Repository;
  readonly commit: string;
  readonly file: HubFile;
}

export interface DownloadContext {
  readonly client: HubClient;
  readonly settings: HubSettings;
  readonly cached: CachedRepository;
  readonly signal: AbortSignal;
  /** Called with the bytes of this file that are there, which is less again when it has to be begun anew. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Brings one file into the cache. What an earlier attempt left behind is gone on with, and the whole is compared with the
 * Hub's checksum before it counts.
 * @throws TunebookError `hub/…`, `run/disk-full`; the signal's reason when aborted
 */
export async function downloadFile(download: Download, context: DownloadContext): Promise<void> {
  const { commit, file } = download;
  const { cached, signal } = context;
  const blob = cached.blobOf(file);
  makeFolder(dirname(blob));
  const release = await acquire(blob, signal);
  try {
    const size = (await stat(blob).catch(() => undefined))?.size;
    if (size !== file.size) await fetchBlob(download, blob, context);
    context.onBytes(file.size);
    cached.link(commit, file);
  } catch (error) {
    throw explainDisk(error, dirname(blob));
  } finally {
    release();
  }
}

/** @throws TunebookError `run/disk-full` where so many bytes more certainly have no room */
export function checkRoom(bytes: number, folder: string): void {
  makeFolder(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (bytes + RESERVE <= free) return;
  throw new TunebookError(
    'run/disk-full',
    `${formatBytes(bytes)} are to be downloaded, but the disk has only ${formatBytes(free)} left.`,
    {
      hint: 'Free some space, or set HF_HOME to a folder on another disk.',
      location: { file: folder },
    },
  );
}

async function fetchBlob(download: Download, blob: string, context: DownloadContext): Promise<void> {
  const incomplete = `${blob}.incomplete`;
  for (let time = 1; ; time++) {
    if (await transfer(download, incomplete, context)) break;
    await rm(incomplete);
    // What an earlier attempt left may have been of another file; what came in one piece was not.
    if (time === 2) throw wrongContent(download);
  }
  await rename(incomplete, blob);
}

/** Fetches what is missing. Gives whether the whole has the right checksum. */
async function transfer(download: Download, path: string, context: DownloadContext): Promise<boolean> {
  const { file } = download;
  const handle = await open(path, existsSync(path) ? 'r+' : 'w+');
  try {
    let done = (await handle.stat()).size;
    if (done > file.size) await handle.truncate((done = 0));
    let hash = await hashOf(path, file, done);
    for (let idle = 0; done < file.size;) {
      const before = done;
      try {
        for await (const chunk of receive(download, done, context)) {
          await writeAll(handle, chunk, done);
          hash.update(chunk);
          done += chunk.length;
          context.onBytes(done);
        }
        if (done < file.size) throw new HubFailure('the connection broke off');
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof HubFailure)) throw error;
        if (error.hubCode === 'NoRange') {
          await handle.truncate((done = 0));
          hash = await hashOf(path, file, 0);
        }
        idle = done > before ? 0 : idle + 1;
        if (!error.passes || idle === ATTEMPTS) throw torn(error, download, context);
        await sleep(Math.min(8000, 250 * 2 ** idle), undefined, { signal: context.signal });
      }
    }
    await handle.sync();
    return done === file.size && hash.digest('hex') === etagOf(file);
  } finally {
    await handle.close();
  }
}

/** The bytes from `offset` on, given up when none come for a while. */
async function* receive(
  { repository, commit, file }: Download,
  offset: number,
  { client, settings, signal }: DownloadContext,
): AsyncGenerator<Uint8Array> {
  const abort = new AbortController();
  const giveUp = () => abort.abort(new HubFailure('nothing came for a while'));
  let timer = setTimeout(giveUp, settings.idleTimeout);
  try {
    const both = AbortSignal.any([signal, abort.signal]);
    for await (const chunk of await client.open(repository, commit, file, offset, both)) {
      clearTimeout(timer);
      yield chunk;
      timer = setTimeout(giveUp, settings.idleTimeout);
    }
  } finally {
    clearTimeout(timer);
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** The checksum that the Hub names a content by, after the first `bytes` of it: sha256, or that of a git blob. */
async function hashOf(path: string, { size, sha256 }: HubFile, bytes: number): Promise<Hash> {
  const hash = sha256 === undefined ? createHash('sha1').update(`blob ${size}\0`) : createHash('sha256');
  if (bytes === 0) return hash;
  // SAFETY: a stream without an encoding gives buffers.
  for await (const chunk of createReadStream(path, { end: bytes - 1 })) hash.update(chunk as Buffer);
  return hash;
}

/** One process at a time fetches a content; the others wait and then find it. */
async function acquire(blob: string, signal: AbortSignal): Promise<() => void> {
  const name = createHash('sha256').update(blob).digest('hex').slice(0, 16);
  const lock = new MachineLock(join(runtimeFolder(), 'downloads', name));
  for (;;) {
    const release = lock.tryAcquire('download', blob);
    if (release) return release;
    await sleep(200, undefined, { signal });
  }
}

function torn(failure: HubFailure, { repository, commit, file }: Download, context: DownloadContext): Error {
  if (failure.status !== undefined)
    return explainFailure(failure, { repository, revision: commit, settings: context.settings });
  return new TunebookError(
    'hub/torn',
    `The download of ${file.path} of ${nameOf(repository)} broke off: ${failure.message}.`,
    { hint: 'Try again: it goes on where it stopped.', cause: failure },
  );
}

function wrongContent({ repository, file }: Download): TunebookError {
  return new TunebookError(
    'hub/checksum',
    `${file.path} of ${nameOf(repository)} came with another content than the Hub's checksum says, twice.`,
    { hint: 'Try again later, or from another network: something on the way changes what is downloaded.' },
  );
}

function explainDisk(error: unknown, folder: string): unknown {
  const options = { location: { file: folder }, cause: error };
  if (isDiskFull(error))
    return new TunebookError('run/disk-full', 'The disk is full: the download could not be written.', {
      ...options,
      hint: 'Free some space, or set HF_HOME to a folder on another disk; what has come is gone on with.',
    });
  if (['EACCES', 'EPERM', 'EROFS'].includes(systemCode(error) ?? ''))
    return new TunebookError('run/not-writable', 'The Hugging Face cache cannot be written to.', {
      ...options,
      hint: 'Give yourself write access to it, or set HF_HOME to a folder of your own.',
    });
  return error;
}
