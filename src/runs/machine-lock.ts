import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic.ts';
import { systemCode } from './errors.ts';
import { isSameProcess, thisProcess, type ProcessIdentity } from './process.ts';
import { makeFolder } from './make-folder.ts';

/** Who holds or wants a lock. */
export interface LockOwner {
  /** The run's id. */
  run: string;
  /** Its run directory. */
  dir: string;
  process: ProcessIdentity;
}

type Holder = LockOwner & { released?: boolean };

/**
 * A lock among the processes of this user on this machine, that no crash can leave locked and that needs no daemon.
 *
 * Each holder is a file with a number, `holder-7.json`; only the highest counts. Who finds it released, or its process
 * dead, may try to make the next number, which only one process can (a hard link to a file written before, so that it
 * appears whole). The highest file is never deleted, only those below it: so there is no moment in which one process
 * clears away as dead what another has just taken.
 */
export class MachineLock {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    makeFolder(folder, 0o700);
  }

  /** Who holds the lock now, if a living process does. */
  holder(): LockOwner | undefined {
    const newest = this.#numbers().at(-1);
    const holder = newest === undefined ? undefined : this.#read(newest);
    return holder && !holder.released && isSameProcess(holder.process) ? holder : undefined;
  }

  /** Takes the lock for this process. Gives the function that releases it, or undefined when another holds it. */
  tryAcquire(run: string, dir: string): (() => void) | undefined {
    const owner: Holder = { run, dir, process: thisProcess() };
    const newest = this.#numbers().at(-1) ?? 0;
    if (this.holder()) return undefined;
    const mine = newest + 1;
    if (!this.#create(mine, owner)) return undefined;
    const numbers = this.#numbers();
    if (numbers.at(-1) !== mine) {
      // We were slow: others took and passed on higher numbers since we looked.
      rmSync(this.#path(mine), { force: true });
      return undefined;
    }
    for (const old of numbers) if (old < mine) rmSync(this.#path(old), { force: true });
    return () =>
      writeFileAtomic(this.#path(mine), JSON.stringify({ ...owner, released: true }), { durable: false });
  }

  #create(number: number, owner: Holder): boolean {
    const temporary = join(this.#folder, `.new-${process.pid}-${number}`);
    writeFileSync(temporary, JSON.stringify(owner));
    try {
      linkSync(temporary, this.#path(number));
      return true;
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  #numbers(): number[] {
    return readdirSync(this.#folder)
      .map((name) => Number(/^holder-(\d+)\.json$/.exec(name)?.[1] ?? NaN))
      .filter((number) => !Number.isNaN(number))
      .sort((a, b) => a - b);
  }

  /** A file that is gone or cannot be read (a machine that crashed while it was written) is held by nobody. */
  #read(number: number): Holder | undefined {
    try {
      // SAFETY: only this class writes these files, in a folder that only this user can write to.
      return JSON.parse(readFileSync(this.#path(number), 'utf8')) as Holder;
    } catch {
      return undefined;
    }
  }

  #path(number: number): string {
    return join(this.#folder, `holder-${number}.json`);
  }
}
