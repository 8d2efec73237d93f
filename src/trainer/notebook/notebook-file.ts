import { chmodSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { writeFileAtomic } from '../../runs/atomic.ts';
import { systemCode } from '../../runs/errors.ts';
import { makeFolder } from '../../runs/make-folder.ts';

/** A notebook on disk: what was read of it, and where results go. */
export class NotebookFile {
  /** Absolute. */
  readonly path: string;
  /** Where it is written to: itself, or a copy with the results. */
  readonly target: string;
  #bytes: Buffer;

  /**
   * Reads a notebook.
   * @throws TunebookError `config/unreadable`
   */
  constructor(path: string, target = path) {
    this.path = path;
    this.target = target;
    this.#bytes = read(path);
    this.text();
  }

  /**
   * What the file held when it was last read or written.
   * @throws TunebookError `config/unreadable` where it is not UTF-8
   */
  text(): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#bytes);
    } catch (cause) {
      throw unreadable(this.path, 'It is not UTF-8.', 'Save it as UTF-8.', cause);
    }
  }

  /** Reads the file again where somebody else has changed it; whether that is so. */
  hasChanged(): boolean {
    const now = read(this.path);
    if (now.equals(this.#bytes)) return false;
    this.#bytes = now;
    return true;
  }

  /**
   * Writes a text, whole or not at all. A link stays a link, and permissions stay what they are.
   * @throws TunebookError `notebook/not-written`
   */
  write(text: string): void {
    const there = statSync(this.target, { throwIfNoEntry: false });
    const real = there ? realpathSync(this.target) : this.target;
    const bytes = Buffer.from(text);
    writing(this.target, () => {
      writeFileAtomic(real, bytes);
      if (there) chmodSync(real, there.mode);
    });
    if (this.target === this.path) this.#bytes = bytes;
  }

  /**
   * Writes a picture of a result beside the notebook, or beside the copy with the results.
   * @throws TunebookError `notebook/not-written`
   */
  writePicture({ path, svg }: { path: string; svg: string }): void {
    const target = join(dirname(this.target), path);
    writing(target, () => {
      makeFolder(dirname(target));
      writeFileAtomic(target, svg);
    });
  }
}

/**
 * Writes, and says what keeps that from being done.
 * @throws TunebookError `notebook/not-written`
 */
export function writing(target: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TunebookError('notebook/not-written', `${target} cannot be written: ${reason}`, {
      hint: 'Check the folder and its permissions, or write the results elsewhere with --output FILE.',
      location: { file: target },
      cause,
    });
  }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = systemCode(cause);
    const why =
      code === 'ENOENT' ? 'There is no such file.' : cause instanceof Error ? cause.message : String(cause);
    throw unreadable(path, why, 'Check the path.', cause);
  }
}

function unreadable(path: string, why: string, hint: string, cause: unknown): TunebookError {
  return new TunebookError('config/unreadable', `${path} cannot be read. ${why}`, {
    hint,
    location: { file: path },
    cause,
  });
}
