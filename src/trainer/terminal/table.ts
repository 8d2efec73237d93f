import type { Style } from './style.ts';

/** Characters between two columns. */
const GAP = 2;
/** No column is made narrower than this. */
const NARROWEST = 12;
/** Where nothing is cut off, no column is filled up to more than this: a longer cell pushes what follows. */
const WIDEST_FILLED = 60;

/** A cell, and how it is coloured once its width is known. */
export interface Cell {
  text: string;
  paint?: (text: string) => string;
}

/**
 * A table with a header, every column flush left. Where it is wider than the terminal, the column `flexible` gives way.
 * @param width columns of the terminal; Infinity where there is none, and cells are whole however long they are
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  { width, flexible, style }: { width: number; flexible: number; style: Style },
): string[] {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.text.length ?? 0)),
  );
  const excess = widths.reduce((sum, each) => sum + each + GAP, -GAP) - width;
  if (excess > 0) widths[flexible] = Math.max(NARROWEST, (widths[flexible] ?? 0) - excess);
  const line = (cells: readonly Cell[]) =>
    cells
      .map(({ text, paint }, column) => {
        const size = widths[column] ?? 0;
        const cut = text.length > size ? `${text.slice(0, size - 1)}…` : text;
        const filled = width === Infinity ? Math.min(size, WIDEST_FILLED) : size;
        const padding = column === cells.length - 1 ? '' : ' '.repeat(Math.max(0, filled - cut.length));
        return (paint ? paint(cut) : cut) + padding;
      })
      .join(' '.repeat(GAP));
  return [line(header.map((text) => ({ text, paint: (cell) => style.dim(cell) }))), ...rows.map(line)];
}
