import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work between two looks at the rest of the world. */
const SLICE = 50;

/**
 * Lets signals, sockets and timers have their turn in the middle of long work: call the result in the loop.
 * @param onProgress called at each pause with what the loop passes in
 */
export function makePauses({
  signal,
  onProgress,
}: {
  signal?: AbortSignal;
  onProgress?: (done: number) => void;
}): (done: number) => Promise<void> | undefined {
  let last = performance.now();
  let calls = 0;
  return (done) => {
    // The clock is not free either.
    if (++calls % 16 !== 0 || performance.now() - last < SLICE) return undefined;
    onProgress?.(done);
    return setImmediate().then(() => {
      signal?.throwIfAborted();
      last = performance.now();
    });
  };
}
