import type { CellStatus } from '../../protocol/notebook.ts';

/**
 * The order in which cells are carried out: as they stand, but for an objective that stands above its evaluation, which follows it.
 * @param cells a part of a notebook's cells, in their order
 */
export function executionOrder(cells: readonly Pick<CellStatus, 'index' | 'after'>[]): number[] {
  const present = new Set(cells.map(({ index }) => index));
  const waits = ({ after }: Pick<CellStatus, 'after'>) => after !== undefined && present.has(after);
  return cells.flatMap((cell) => [
    ...(waits(cell) ? [] : [cell.index]),
    ...cells.filter((each) => waits(each) && each.after === cell.index).map(({ index }) => index),
  ]);
}

/** Whether a document of a kind makes a run directory, and so has a place among the ids of a result. */
export function isComputed(kind: string | undefined): boolean {
  return kind === 'run' || kind === 'evaluate' || kind === 'sweep';
}
