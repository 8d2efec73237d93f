import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic.ts';
import { MachineLock, type LockOwner } from './machine-lock.ts';
import { isSameProcess, thisProcess } from './process.ts';
import { runtimeFolder } from './runtime-folder.ts';
import { makeFolder } from './make-folder.ts';

/** A run that waits for a device. The lowest `order` is next; it begins as the time of arrival in ms, with a fraction. */
export interface QueueEntry extends LockOwner {
  order: number;
}

/**
 * Who uses a device and who waits for it, over all workspaces of this user on this machine. Every waiting run is its
 * own process with a file of its own here, so the queue moves on with nobody watching it.
 */
export class DeviceQueue {
  readonly lock: MachineLock;
  readonly #folder: string;

  /** The devices that some run has computed on or waited for since the runtime folder was made, by name. */
  static known(): string[] {
    const prefix = 'device-';
    return readdirSync(runtimeFolder())
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .sort();
  }

  /** @param device as in `target: { local: { device } }`: `cpu`, `webgpu`, … */
  constructor(device: string) {
    this.#folder = join(runtimeFolder(), `device-${device.replace(/[^a-z0-9]+/gi, '-')}`);
    this.lock = new MachineLock(this.#folder);
  }

  /** The living runs that wait, next one first. Files of dead ones are cleared away. */
  waiting(): QueueEntry[] {
    const entries: QueueEntry[] = [];
    for (const name of readdirSync(this.#folder)) {
      if (!name.startsWith('wait-')) continue;
      const entry = this.#read(name);
      if (entry && isSameProcess(entry.process)) entries.push(entry);
      else if (entry) rmSync(join(this.#folder, name), { force: true });
    }
    return entries.sort((a, b) => a.order - b.order || (a.run < b.run ? -1 : 1));
  }

  /** Puts this process into the queue; leaves its place alone when it is there already. */
  enter(run: string, dir: string): void {
    makeFolder(this.#folder, 0o700);
    if (this.#read(fileName(run))) return;
    this.#write({ run, dir, process: thisProcess(), order: performance.timeOrigin + performance.now() });
  }

  leave(run: string): void {
    rmSync(join(this.#folder, fileName(run)), { force: true });
  }

  /**
   * Moves a waiting run to a place among those that wait, 0 being next. Gives the new order, or undefined when the run
   * does not wait (any more).
   */
  move(run: string, place: number): QueueEntry[] | undefined {
    const waiting = this.waiting();
    const entry = waiting.find((other) => other.run === run);
    if (!entry) return undefined;
    const others = waiting.filter((other) => other !== entry);
    const index = Math.max(0, Math.min(place, others.length));
    const before = others[index - 1];
    const after = others[index];
    if (before && after) entry.order = (before.order + after.order) / 2;
    else if (after) entry.order = after.order - 1;
    else if (before) entry.order = before.order + 1;
    this.#write(entry);
    return this.waiting();
  }

  #write(entry: QueueEntry): void {
    writeFileAtomic(join(this.#folder, fileName(entry.run)), JSON.stringify(entry), { durable: false });
  }

  #read(name: string): QueueEntry | undefined {
    try {
      // SAFETY: only this class writes these files, in a folder that only this user can write to.
      return JSON.parse(readFileSync(join(this.#folder, name), 'utf8')) as QueueEntry;
    } catch {
      return undefined;
    }
  }
}

function fileName(run: string): string {
  return `wait-${createHash('sha256').update(run).digest('hex').slice(0, 16)}.json`;
}
