import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { adapterBase } from '../../runs/adapter-base.ts';
import { remembered } from '../../runs/remembered.ts';

/** What tells whether files have changed. Each is looked at once: hundreds of documents may name the same data and the same model. */
export class Stamps {
  readonly #files = new Map<string, Promise<string>>();
  readonly #models = new Map<string, Promise<string>>();
  readonly #folders = new Map<string, Promise<string>>();

  /** Size and time of each file, `-` for one that is not there. */
  async files(paths: readonly string[]): Promise<string> {
    const stamps = await Promise.all(paths.map((path) => remembered(this.#files, path, stampFile)));
    return stamps.join(' ');
  }

  /** The same of the files of a model, and of an adapter those of its base too. */
  model(folder: string): Promise<string> {
    return remembered(this.#models, folder, async () => {
      const base = await adapterBase(folder);
      const own = await this.folder(folder);
      return base === undefined ? own : `${own} ${await this.folder(base)}`;
    });
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
