import type { ConfusionMatrix } from '../../protocol/evaluation.ts';

/** A cell of a heat map that holds something. Rows are true labels, columns predicted ones. */
export interface HeatCell {
  row: number;
  column: number;
  count: number;
  /** Of the examples of its row. */
  share: number;
  /** How strong its colour is, from 1 to {@link HEAT_LEVELS}. */
  level: number;
}

/** A mistake that was made `count` times. */
export interface Confusion {
  truth: string;
  predicted: string;
  count: number;
  /** Of the examples that truly have the label. */
  share: number;
}

export const HEAT_LEVELS = 8;

/** The cells that hold something, row by row. Mistakes are few, so the colour goes by the square root of the share: one in a hundred is seen. */
export function heatCells({ counts }: ConfusionMatrix): HeatCell[] {
  return counts.flatMap((row, r) => {
    const total = sum(row);
    return row.flatMap((count, column) => {
      if (count === 0) return [];
      const share = count / total;
      return [{ row: r, column, count, share, level: Math.ceil(Math.sqrt(share) * HEAT_LEVELS) }];
    });
  });
}

/** What was taken for what, most often first; in the order of the labels where it is as often. */
export function confusions({ labels, counts }: ConfusionMatrix): Confusion[] {
  const found = counts.flatMap((row, r) => {
    const total = sum(row);
    return row.flatMap((count, column) =>
      count === 0 || column === r
        ? []
        : [{ truth: labels[r] ?? '', predicted: labels[column] ?? '', count, share: count / total }],
    );
  });
  return found.sort((a, b) => b.count - a.count);
}

/** How many examples there are, and how many were labelled right. */
export function totals({ counts }: ConfusionMatrix): { right: number; all: number } {
  return {
    right: sum(counts.map((row, r) => row[r] ?? 0)),
    all: sum(counts.map(sum)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
