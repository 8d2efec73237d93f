import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { carryOutCalls, type CallDesk, type KernelFunction } from './carry-out-calls.ts';
import type { Kernels, NumericMemory } from './kernels.ts';

/** A call of a kernel. Calls that are given out together may be carried out in any order, and at the same time. */
export interface KernelCall {
  readonly memory: NumericMemory;
  readonly kernel: keyof Kernels;
  readonly args: readonly number[];
}

/** Elements of one call, where a long one is divided: its arrays lie in the cache of one core. */
const PART = 65_536;
/** Calls that lie on the desk at once. */
const PLACES = 1024;
/** Memory, kernel, fifteen arguments, result. */
const WIDTH = 18;
/** More threads than that wait for memory, not for each other. */
const MOST_THREADS = 8;

/**
 * Carries out kernel calls on several threads: this one, and workers that sleep in between. Where a memory belongs to one thread, or one thread
 * is asked for, there are no workers, and the results are the same, digit for digit.
 */
export class KernelThreads {
  readonly #memories: readonly NumericMemory[];
  readonly #names: (keyof Kernels)[];
  readonly #kernels: KernelFunction[][];
  readonly #desk: CallDesk;
  readonly #workers: readonly Worker[];

  /** @param threads this one included; as many as the machine has when absent */
  constructor(memories: readonly NumericMemory[], threads = availableParallelism()) {
    this.#memories = memories;
    // SAFETY: the exports of the module are the functions of this interface.
    this.#names = Object.keys(memories[0]!.kernels) as (keyof Kernels)[];
    // SAFETY: every kernel takes numbers, and those that are handed too many leave them.
    this.#kernels = memories.map(({ kernels }) => Object.values(kernels) as KernelFunction[]);
    this.#desk = {
      counters: new BigInt64Array(new SharedArrayBuffer(8 * 5)),
      calls: new Float64Array(new SharedArrayBuffer(8 * PLACES * WIDTH)),
      width: WIDTH,
    };
    const shared = memories.flatMap((memory) => memory.shared ?? []);
    const helpers = shared.length === memories.length ? Math.min(threads, MOST_THREADS) - 1 : 0;
    const workerData = { desk: this.#desk, memories: shared, names: this.#names };
    const resourceLimits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 8 };
    this.#workers = Array.from(
      { length: helpers },
      () => new Worker(PROGRAM, { eval: true, workerData, resourceLimits }),
    );
    // They sleep when nothing is to be done, so they never end by themselves.
    for (const worker of this.#workers) worker.unref();
  }

  /**
   * Carries out calls, and returns when all are done.
   * @returns what came of each, in the order in which they were given; 0 where a kernel returns nothing
   */
  run(calls: readonly KernelCall[]): Float64Array {
    const results = new Float64Array(calls.length);
    for (let first = 0; first < calls.length; first += PLACES)
      results.set(this.#runRound(calls.slice(first, first + PLACES)), first);
    return results;
  }

  /** Ends the workers. */
  async dispose(): Promise<void> {
    Atomics.store(this.#desk.counters, 3, -1n);
    Atomics.notify(this.#desk.counters, 3);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #runRound(round: readonly KernelCall[]): number[] {
    const { counters, calls } = this.#desk;
    const given = Atomics.load(counters, 1);
    const places = round.map((_, i) => (Number(given % BigInt(PLACES)) + i) % PLACES);
    round.forEach(({ memory, kernel, args }, i) =>
      calls.set([this.#memories.indexOf(memory), this.#names.indexOf(kernel), ...args], places[i]! * WIDTH),
    );
    const end = given + BigInt(round.length);
    Atomics.store(counters, 1, end);
    Atomics.add(counters, 3, 1n);
    Atomics.notify(counters, 3, Math.min(this.#workers.length, round.length - 1));
    carryOutCalls(this.#desk, this.#kernels);
    for (let done; (done = Atomics.load(counters, 2)) < end;) Atomics.wait(counters, 2, done);
    if (Atomics.load(counters, 4) !== 0n) throw new Error('a kernel reached beyond its memory');
    return places.map((place) => calls[place * WIDTH + WIDTH - 1]!);
  }
}

/** Divides `count` elements, a multiple of `unit`, among calls. */
export function inParts<T>(count: number, make: (first: number, length: number) => T, unit = 1): T[] {
  const part = Math.max(unit, PART - (PART % unit));
  return Array.from({ length: Math.ceil(count / part) }, (_, i) =>
    make(i * part, Math.min(part, count - i * part)),
  );
}

/** What a worker runs. It is a text, so that the trainer stays one file. */
const PROGRAM = `
const { desk, memories, names } = require('node:worker_threads').workerData;
const kernels = memories.map(({ module, memory }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return names.map((name) => exports[name]);
});
const carryOutCalls = ${carryOutCalls.toString()};
for (;;) {
  const round = Atomics.load(desk.counters, 3);
  if (round < 0n) break;
  carryOutCalls(desk, kernels);
  Atomics.wait(desk.counters, 3, round);
}
`;
