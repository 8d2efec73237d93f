/** A repository of the Hub. */
export interface Repository {
  readonly type: 'model' | 'dataset';
  /** `owner/name`, or an old one-word name. */
  readonly name: string;
}

/** A file of a repository at one commit. */
export interface HubFile {
  /** With `/` between its parts. */
  readonly path: string;
  readonly size: number;
  /** The sha1 of the git blob: of the file itself, or of the pointer to it. */
  readonly blobId: string;
  /** The sha256 of a large file. */
  readonly sha256?: string;
  readonly xetHash?: string;
}

/** What the cache calls the content of a file: its sha256 where it is a large one, else git's own id. */
export function etagOf({ sha256, blobId }: HubFile): string {
  return sha256 ?? blobId;
}

/** `hf:owner/name`, as a config writes it. */
export function nameOf({ name }: Repository): string {
  return `hf:${name}`;
}

export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}
