/** What the threads have in common that carry out kernel calls together; each is given it by a structured clone. */
export interface CallDesk {
  /** In their order: calls taken, calls given out, calls done, rounds (−1 at the end), and 1 where a call failed. */
  readonly counters: BigInt64Array<SharedArrayBuffer>;
  /** A ring of calls, of `width` numbers each: which memory, which kernel, its arguments, and at the end what came of it. */
  readonly calls: Float64Array<SharedArrayBuffer>;
  readonly width: number;
}

export type KernelFunction = (...args: number[]) => number | undefined;

/**
 * Takes one call after the other from the desk and carries it out, until none is left. A call is taken by raising the first counter,
 * which only grows, from a number below the second: so it is taken once, and not before it was written.
 *
 * Its text is the program of a thread too (see `kernel-threads.ts`), so it uses nothing from outside of itself.
 * @param kernels the functions by memory and by number
 */
export function carryOutCalls(
  { counters, calls, width }: CallDesk,
  kernels: readonly (readonly KernelFunction[])[],
): void {
  const places = BigInt(calls.length / width);
  for (;;) {
    const taken = Atomics.load(counters, 0);
    if (taken >= Atomics.load(counters, 1)) return;
    if (Atomics.compareExchange(counters, 0, taken, taken + 1n) !== taken) continue;
    const at = Number(taken % places) * width;
    const end = at + width - 1;
    try {
      calls[end] = kernels[calls[at]!]![calls[at + 1]!]!(...calls.subarray(at + 2, end)) ?? 0;
    } catch {
      Atomics.store(counters, 4, 1n);
    }
    if (Atomics.add(counters, 2, 1n) + 1n === Atomics.load(counters, 1)) Atomics.notify(counters, 2);
  }
}
