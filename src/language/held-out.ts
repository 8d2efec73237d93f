import type { RowCut } from '../protocol/inspect.ts';

/** The split that `train_test_split` takes rows from, and the one that they become. */
export const CUT_SPLIT = 'train';
export const HELD_OUT_SPLIT = 'validation';

/** `train_test_split:` of a data set, with its default. */
export type HoldOut = Omit<RowCut, 'side'>;

/** The side of a data set's `train_test_split` that a split is; `undefined` for a split that is read whole. */
export function cutOf(holdOut: HoldOut | undefined, split: string): RowCut | undefined {
  if (!holdOut) return undefined;
  if (split === CUT_SPLIT) return { ...holdOut, side: 'train' };
  return split === HELD_OUT_SPLIT ? { ...holdOut, side: 'test' } : undefined;
}

/** How many of some rows are held out, as `datasets` counts them. It may be all of them, or more. */
export function heldOutRows(rows: number, testSize: number): number {
  return testSize < 1 ? Math.ceil(testSize * rows) : testSize;
}
