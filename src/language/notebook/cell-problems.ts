import { findConflicts } from './find-conflicts.ts';
import type { NotebookProblem, Span } from './notebook.ts';
import type { Piece } from './pieces.ts';
import { CELL_FENCE, neverClosed } from './read-notebook.ts';
import { scanBlocks } from './scan-blocks.ts';

/** A cell of an open notebook, as a person sees it. */
export interface ShownCell {
  kind: 'prose' | 'cell';
  /** With `\n` at the ends of its lines. */
  text: string;
  /** What it was read from. */
  source?: Piece;
}

/** A mistake in the Markdown around the documents, at its place in a cell. */
export interface CellProblem extends Pick<NotebookProblem, 'code' | 'message'>, Span {
  /** The cell, counted from 0. */
  cell: number;
}

/**
 * What is wrong with the Markdown of an open notebook and cannot be told from the documents of its cells alone, as the language
 * server has them: marks of a merge that stand in prose, and fences that are never closed.
 */
export function findCellProblems(cells: readonly ShownCell[]): CellProblem[] {
  const known = conflictsOf(cells, (cell) => cell.kind === 'cell');
  const isKnown = (each: CellProblem) =>
    known.some(({ cell, start }) => cell === each.cell && start === each.start);
  return [
    ...conflictsOf(cells, () => true).filter((each) => !isKnown(each)),
    ...cells.flatMap((cell, index) => unclosedIn(cell, index, cells)),
  ].sort((a, b) => a.cell - b.cell || a.start - b.start);
}

/** Marks of a merge may begin in one cell and end in another. */
function conflictsOf(cells: readonly ShownCell[], isSeen: (cell: ShownCell) => boolean): CellProblem[] {
  let text = '';
  const starts = cells.map((cell) => {
    const start = text.length;
    if (isSeen(cell)) text += `${cell.text}\n`;
    return start;
  });
  return findConflicts(text).map(({ code, message, start, end }) => {
    const cell = starts.findLastIndex((each, index) => each <= start && isSeen(cells[index]!));
    const from = starts[cell] ?? 0;
    return { cell, code, message, start: start - from, end: end - from };
  });
}

function unclosedIn(cell: ShownCell, index: number, cells: readonly ShownCell[]): CellProblem[] {
  const code = 'notebook/unclosed-fence';
  if (cell.kind === 'cell') {
    // A cell that is changed is closed when it is saved.
    const { source } = cell;
    if (
      source?.kind !== 'cell' ||
      /[`~]/.test(source.close) ||
      source.text.replace(/\r\n|\r/g, '\n') !== cell.text
    )
      return [];
    if (index < cells.length - 1) return [];
    const marker = /^(?:`+|~+)/.exec(source.open)?.[0] ?? '```';
    return [{ cell: index, code, message: neverClosed(marker, false), start: 0, end: lineEnd(cell.text, 0) }];
  }
  // What follows counts as code once the file is read again.
  const isAbove = cells.slice(index + 1).some((each) => each.kind === 'cell');
  return scanBlocks(cell.text).fences.flatMap((fence) => {
    const swallows = isAbove || CELL_FENCE.test(cell.text.slice(fence.contentStart));
    if (fence.closed || fence.depth > 0 || !swallows) return [];
    const { start, marker } = fence;
    return [{ cell: index, code, message: neverClosed(marker, true), start, end: lineEnd(cell.text, start) }];
  });
}

function lineEnd(text: string, start: number): number {
  const found = /[\r\n]/.exec(text.slice(start));
  return found ? start + found.index : text.length;
}
