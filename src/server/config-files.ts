import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isConfigPath } from '../language/load.ts';
import { isNotebookPath } from '../language/notebook/notebook-path.ts';

/** Folders that hold no configs of the person's own. */
const SKIPPED = new Set(['node_modules', '__pycache__', 'venv']);

/** A workspace with more folders than this, or deeper ones, is looked through as far as that. */
const MAX_FOLDERS = 20_000;
const MAX_DEPTH = 24;

/** Finds all configs below the folders of the workspace, wherever a name may be used. */
export class ConfigFiles {
  #folders: readonly string[] = [];
  #known: Promise<string[]> | undefined;
  /** Whether the client tells when a config appears or vanishes, so that they need to be looked for only once. */
  isWatched = false;

  set folders(folders: readonly string[]) {
    this.#folders = folders;
    this.#known = undefined;
  }

  /** A config may have appeared or vanished. */
  forget(): void {
    this.#known = undefined;
  }

  /** Absolute paths. What cannot be read is left out. */
  async list(): Promise<readonly string[]> {
    if (!this.isWatched) return find(this.#folders);
    this.#known ??= find(this.#folders);
    return this.#known;
  }
}

async function find(folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const open = folders.map((folder) => ({ folder, depth: 0 }));
  for (let read = 0, next; read < MAX_FOLDERS && (next = open.pop()); read++) {
    const { folder, depth } = next;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        const isSkipped = entry.name.startsWith('.') || SKIPPED.has(entry.name);
        if (!isSkipped && depth < MAX_DEPTH) open.push({ folder: path, depth: depth + 1 });
      } else if (isConfigPath(entry.name) || isNotebookPath(entry.name)) found.push(path);
    }
  }
  return found.sort();
}
