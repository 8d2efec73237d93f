/**
 * Lets processes run in turns, two seconds each, while the others are stopped. So all of them meet the same machine, whose speed changes
 * from minute to minute with what its owner does beside us, and each has a clock that stands still while it does.
 */
import { setTimeout, clearTimeout } from 'node:timers';

const SLICE = 2000;

/** All processes that take turns: those that are stopped when this one ends would stay for ever. */
const living = new Set();
process.once('exit', () => living.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

export class Turns {
  #sides = [];
  #current;
  #timer;

  /**
   * Takes a process in that was started just now.
   * @param {import('node:child_process').ChildProcess} child
   * @returns {(time: number) => number} its clock: how many milliseconds it had run at a time of `Date.now()`
   */
  join(child) {
    const side = { child, runs: [] };
    this.#sides.push(side);
    living.add(child);
    child.on('exit', () => this.#leave(side));
    if (this.#current) child.kill('SIGSTOP');
    else this.#give(side);
    return (time) =>
      side.runs.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(time, to ?? time) - from), 0);
  }

  #give(side) {
    this.#current = side;
    side.runs.push({ from: Date.now() });
    side.child.kill('SIGCONT');
    this.#timer = setTimeout(() => this.#next(), SLICE);
  }

  #next() {
    const side = this.#current;
    const next = this.#after(side);
    if (next !== side) {
      side.child.kill('SIGSTOP');
      side.runs.at(-1).to = Date.now();
      this.#give(next);
    } else this.#timer = setTimeout(() => this.#next(), SLICE);
  }

  #leave(side) {
    const after = this.#after(side);
    living.delete(side.child);
    this.#sides = this.#sides.filter((each) => each !== side);
    if (side !== this.#current) return;
    clearTimeout(this.#timer);
    side.runs.at(-1).to = Date.now();
    this.#current = undefined;
    if (this.#sides.length > 0) this.#give(after);
  }

  #after(side) {
    return this.#sides[(this.#sides.indexOf(side) + 1) % this.#sides.length];
  }
}

/** The clock of a process that has the machine to itself. */
export const wallClock = (time) => time;
