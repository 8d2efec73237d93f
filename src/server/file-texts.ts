import { sep } from 'node:path';
import { readConfigFile } from '../runs/config-file.ts';

/** Longer than this no text is believed, lest a change went unnoticed. */
const MAX_AGE_MS = 30_000;

const MAX_FILES = 2000;

/**
 * What configs on disk hold. While the client tells of changes below its folders, a file there is read once: a keystroke in one
 * file must not read all of its neighbours.
 */
export class FileTexts {
  readonly #known = new Map<string, { read: Promise<Uint8Array | undefined>; time: number }>();
  #folders: readonly string[] = [];
  /** Whether the client tells of changes. */
  isWatched = false;

  set folders(folders: readonly string[]) {
    this.#folders = folders;
    this.#known.clear();
  }

  /** A file may have changed. */
  forget(path: string): void {
    this.#known.delete(path);
  }

  /** The bytes of a file; `undefined` where there is none. Rejects as `readConfigFile` does. */
  async read(path: string): Promise<Uint8Array | undefined> {
    if (!this.isWatched || !this.#folders.some((folder) => path.startsWith(`${folder}${sep}`)))
      return readConfigFile(path);
    const known = this.#known.get(path);
    if (known && performance.now() - known.time < MAX_AGE_MS) return known.read;
    const read = readConfigFile(path);
    this.#known.delete(path);
    this.#known.set(path, { read, time: performance.now() });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_FILES && oldest !== undefined) this.#known.delete(oldest);
    // What could not be read is tried again the next time.
    read.catch(() => this.#known.delete(path));
    return read;
  }
}
