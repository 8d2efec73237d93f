import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { remembered } from '../../runs/remembered.ts';

/** What tells whether files have changed. Each is looked at once: hundreds of documents may name the same data and the same model. */
export class Stamps {
  readonly #files = new Map<string, Promise<string>>();
  readonly #folders = new Map<string, Promise<string>>();

  /** Size and time of each file, `-` for one that is not there. */
  async files(paths: readonly string[]): Promise<string> {
    const stamps = await Promise.all(paths.map((path) => remembered(this.#files, path, stampFile)));
    return stamps.join(' ');
  }

  /** The same of the files in a folder. */
  folder(folder: string): Promise<string> {
    return remembered(this.#folders, folder, async () => {
      try {
        const names = (await readdir(folder)).sort();
        return `${names.join(' ')} ${await this.files(names.map((name) => join(folder, name)))}`;
      } catch {
        return '-';
      }
    });
  }
}

async function stampFile(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return `${size}:${mtimeMs}:${ino}`;
  } catch {
    return '-';
  }
}
