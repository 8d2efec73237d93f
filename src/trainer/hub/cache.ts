import {
  copyFileSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { writeFileAtomic } from '../../runs/atomic.ts';
import { systemCode } from '../../runs/errors.ts';
import { hubCacheFolder } from '../../runs/hub-cache.ts';
import { isObject } from '../data/tokenizer/json.ts';
import { etagOf, isCommit, type HubFile, type Repository } from './repository.ts';
import { makeFolder } from '../../runs/make-folder.ts';

/** The version of the listings under `trees/`, as huggingface_hub 2.4 writes them. */
const TREE_VERSION = 1;

/**
 * One repository in the cache that Hugging Face's libraries share: `blobs/` by content, `snapshots/<commit>/` with links
 * to them, `refs/` with the commit of each branch, `trees/` with what a commit holds.
 */
export class CachedRepository {
  readonly folder: string;

  constructor({ type, name }: Repository, cache: string = hubCacheFolder()) {
    this.folder = join(cache, `${type}s--${name.replaceAll('/', '--')}`);
  }

  /** The commit of a revision, as far as the cache knows it. */
  commitOf(revision: string): string | undefined {
    if (isCommit(revision)) return revision;
    try {
      return readFileSync(join(this.folder, 'refs', revision), 'utf8').trim();
    } catch {
      return undefined;
    }
  }

  /** Notes which commit a branch or a tag is at. */
  writeRef(revision: string, commit: string): void {
    // A reference to a snapshot that is not there would be a corrupt cache to other readers.
    makeFolder(this.snapshot(commit));
    if (isCommit(revision) || this.commitOf(revision) === commit) return;
    const file = join(this.folder, 'refs', revision);
    makeFolder(dirname(file));
    writeFileAtomic(file, commit);
  }

  snapshot(commit: string): string {
    return join(this.folder, 'snapshots', commit);
  }

  /** Where a file lies, or is to lie. */
  pathOf(commit: string, path: string): string {
    return join(this.snapshot(commit), ...path.split('/'));
  }

  blobOf(file: HubFile): string {
    return join(this.folder, 'blobs', etagOf(file));
  }

  /** Whether a file of a snapshot is there, whole. */
  has(commit: string, { path, size }: HubFile): boolean {
    return statSync(this.pathOf(commit, path), { throwIfNoEntry: false })?.size === size;
  }

  /** Puts a file into a snapshot: a link to its blob, or a copy where there are no links. */
  link(commit: string, file: HubFile): void {
    const path = this.pathOf(commit, file.path);
    const blob = this.blobOf(file);
    makeFolder(dirname(path));
    if (lstatSync(path, { throwIfNoEntry: false })) rmSync(path);
    try {
      symlinkSync(relative(dirname(path), blob), path);
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return;
      if (systemCode(error) !== 'EPERM' && systemCode(error) !== 'ENOTSUP') throw error;
      copyFileSync(blob, path);
    }
  }

  /** What a commit holds; `undefined` where nobody has listed it. */
  readTree(commit: string): HubFile[] | undefined {
    let value: unknown;
    try {
      value = JSON.parse(readFileSync(this.#treeFile(commit), 'utf8'));
    } catch {
      // Torn or not there: it is asked for again.
      return undefined;
    }
    if (!isObject(value) || value['format_version'] !== TREE_VERSION || !isObject(value['files']))
      return undefined;
    const files = Object.entries(value['files']).map(([path, entry]) => fileOf(path, entry));
    return files.every((file) => file !== undefined) ? files : undefined;
  }

  writeTree(commit: string, files: readonly HubFile[]): void {
    const entries = [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map((file) => entryOf(file));
    makeFolder(dirname(this.#treeFile(commit)));
    const tree = { format_version: TREE_VERSION, files: Object.fromEntries(entries) };
    writeFileAtomic(this.#treeFile(commit), JSON.stringify(tree, undefined, 1));
  }

  /** The files that lie in a snapshot, by their paths; none where there is no such snapshot. */
  listSnapshot(commit: string): string[] {
    const root = this.snapshot(commit);
    if (!existsSync(root)) return [];
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && existsSync(join(entry.parentPath, entry.name)))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .sort();
  }

  #treeFile(commit: string): string {
    return join(this.folder, 'trees', `${commit}.json`);
  }
}

function fileOf(path: string, entry: unknown): HubFile | undefined {
  if (!isObject(entry)) return undefined;
  const { size, blob_id: blobId, lfs_sha256: sha256, xet_hash: xetHash } = entry;
  if (typeof size !== 'number' || typeof blobId !== 'string') return undefined;
  return {
    path,
    size,
    blobId,
    ...(typeof sha256 === 'string' && { sha256 }),
    ...(typeof xetHash === 'string' && { xetHash }),
  };
}

function entryOf({ path, size, blobId, sha256, xetHash }: HubFile): [string, object] {
  const lfs = sha256 === undefined ? {} : { lfs_sha256: sha256, lfs_size: size };
  return [path, { size, blob_id: blobId, ...lfs, ...(xetHash !== undefined && { xet_hash: xetHash }) }];
}
