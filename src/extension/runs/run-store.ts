import { statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RunSummary } from '../../protocol/run.ts';
import { listRunDirectories } from '../../runs/list.ts';
import { newestFirst } from '../../runs/newest-first.ts';
import { readCache } from '../../runs/columns/cache-file.ts';
import { RunReader } from '../../runs/read.ts';
import { isFinal } from '../../protocol/events.ts';
import { RUN_FILES } from '../../protocol/run.ts';
import { runsFolder } from '../../runs/workspace.ts';

/** How often a run that is going on is looked at, in milliseconds. */
const POLL = 1000;
/** Reading many runs gives the event loop a turn after this many milliseconds. */
const SLICE = 15;
/** So many bytes of events are read of one run at once. */
const PIECE = 2 ** 20;
const ROOM = Buffer.allocUnsafeSlow(PIECE);

interface Entry {
  reader: RunReader;
  summary: RunSummary;
  /** Size and time of `events.jsonl` and `meta.json` when they were read. */
  stamp: string;
}

/**
 * The runs of some workspace folders, as they are on disk: the one source of the tree, the status bar and the panels.
 * Idle it holds one file-system watcher a folder; a timer runs only while a run is going on.
 */
export class RunStore {
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  readonly #watchers = new Map<string, FSWatcher>();
  #workspaces: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;
  #again = false;
  #disposed = false;
  #loaded = false;

  /** All runs, newest first. */
  get runs(): readonly RunSummary[] {
    return [...this.#entries.values()].map((entry) => entry.summary).sort(newestFirst);
  }

  /** The runs whose processes still work, newest first. */
  get live(): readonly RunSummary[] {
    return this.runs.filter((run) => !isFinal(run.state));
  }

  /** Whether the folders have been looked at once. */
  get loaded(): boolean {
    return this.#loaded;
  }

  get(id: string): RunSummary | undefined {
    return this.#entries.get(id)?.summary;
  }

  /** Calls back after every change. Gives a function that ends it. */
  onDidChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Says which workspace folders to show, and looks at them. */
  async setWorkspaces(workspaces: readonly string[]): Promise<void> {
    this.#workspaces = [...new Set(workspaces)];
    await this.refresh();
  }

  /** Shows a folder as well, for a run of a config that lies outside of every workspace folder. */
  async addWorkspace(workspace: string): Promise<void> {
    if (!this.#workspaces.includes(workspace)) await this.setWorkspaces([...this.#workspaces, workspace]);
  }

  /** Looks at the folders again: new runs, gone runs, and what was appended. Calls that overlap share one look. */
  async refresh(): Promise<void> {
    if (this.#refreshing) {
      this.#again = true;
      return this.#refreshing;
    }
    this.#refreshing = this.#refreshAll();
    try {
      await this.#refreshing;
    } finally {
      this.#refreshing = undefined;
    }
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    this.#listeners.clear();
  }

  async #refreshAll(): Promise<void> {
    do {
      this.#again = false;
      await this.#look();
    } while (this.#again && !this.#disposed);
  }

  async #look(): Promise<void> {
    const directories = this.#workspaces.flatMap(listRunDirectories);
    const present = new Set(directories.map((dir) => basename(dir)));
    let changed = !this.#loaded;
    for (const id of this.#entries.keys())
      if (!present.has(id)) changed = this.#entries.delete(id) || changed;
    const long = new Map<string, RunReader>();
    let sliceEnd = Date.now() + SLICE;
    const giveTurn = async () => {
      if (Date.now() < sliceEnd) return;
      if (changed) this.#tell();
      changed = false;
      await new Promise((resolve) => setImmediate(resolve));
      sliceEnd = Date.now() + SLICE;
    };
    for (const dir of directories) {
      changed = this.#readOne(dir, long) || changed;
      await giveTurn();
      if (this.#disposed) return;
    }
    // Runs with very many events come when the others are there already, and leave the window its turns.
    for (const [dir, reader] of long) {
      while (reader.advance(PIECE, ROOM)) {
        await giveTurn();
        if (this.#disposed) return;
      }
      changed = this.#put(dir, reader) || changed;
    }
    this.#loaded = true;
    this.#watchFolders();
    this.#schedule();
    if (changed) this.#tell();
  }

  /** Reads what is new of one run; true when that changed how it is shown. A run with more is put among the `long` ones. */
  #readOne(dir: string, long: Map<string, RunReader>): boolean {
    const known = this.#entries.get(basename(dir));
    if (known && known.stamp === stampOf(dir) && isFinal(known.summary.state)) return false;
    const reader = known?.reader ?? new RunReader(dir, undefined, readCache(dir)?.place);
    if (!reader.advance(PIECE, ROOM)) return this.#put(dir, reader);
    long.set(dir, reader);
    return false;
  }

  /** Takes in how a run stands whose events have been read. */
  #put(dir: string, reader: RunReader): boolean {
    const id = basename(dir);
    const known = this.#entries.get(id);
    const stamp = stampOf(dir);
    const summary = reader.summary();
    this.#entries.set(id, { reader, summary, stamp });
    return !known || JSON.stringify(known.summary) !== JSON.stringify(summary);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#disposed || this.live.length === 0) return;
    this.#timer = setTimeout(() => void this.refresh(), POLL);
  }

  /** New runs show up as new names in the runs folder; until that exists, as a new name on the way to it. */
  #watchFolders(): void {
    const wanted = new Set(this.#workspaces.map(nearestFolder));
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#watchFolder(folder);
  }

  #watchFolder(folder: string): void {
    const isRuns = this.#workspaces.some((workspace) => runsFolder(workspace) === folder);
    try {
      const watcher = watch(folder, (_event, name) => {
        if (isRuns || name === '.tunebook' || name === 'runs') void this.refresh();
      });
      watcher.on('error', () => this.#drop(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // A folder that cannot be watched (a network share, no handles left) is looked at when the view is opened.
    }
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function nearestFolder(workspace: string): string {
  const runs = runsFolder(workspace);
  for (const folder of [runs, dirname(runs)]) if (isFolder(folder)) return folder;
  return workspace;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function stampOf(dir: string): string {
  const parts = [RUN_FILES.events, RUN_FILES.meta].map((name) => {
    const stat = statSync(join(dir, name), { throwIfNoEntry: false });
    return stat ? `${stat.ino}:${stat.size}:${stat.mtimeMs}` : '';
  });
  return parts.join(' ');
}
