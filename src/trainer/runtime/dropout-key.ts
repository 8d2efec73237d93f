import type { DropoutKey } from './engine.ts';

/** The second half of a mask's key: step, micro-batch and place mixed, so that no two masks of a run are alike. */
export function maskKey({ step, microBatch }: DropoutKey, place: number): number {
  return (
    Math.imul(step, 0x9e3779b1) ^ Math.imul(microBatch + 1, 0x85ebca77) ^ Math.imul(place + 1, 0xc2b2ae3d)
  );
}
