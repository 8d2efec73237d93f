import { CELL_INFO } from '../../language/notebook/notebook-path.ts';

/** The lines of one cell in the text of its notebook, counted from 0. */
export interface CellLines {
  uri: string;
  /** Its first line. */
  start: number;
  /** How many lines it has; an empty cell has one. */
  count: number;
}

/**
 * The cells of an open notebook as one Markdown text, so that the language knows it as the file that it is. The text is not the
 * file's: prose is left out. Each cell begins at the start of a line, so that a place in a cell is the same place some lines below.
 */
export function notebookText(cells: readonly { uri: string; text: string }[]): {
  text: string;
  cells: CellLines[];
} {
  const parts: string[] = [];
  const lines: CellLines[] = [];
  let line = 0;
  for (const { uri, text } of cells) {
    const longest = Math.max(2, ...(text.match(/^ {0,3}`{3,}/gm) ?? []).map((run) => run.trim().length));
    const fence = '`'.repeat(longest + 1);
    const count = text.split(/\r\n|\r|\n/).length;
    parts.push(`${fence}${CELL_INFO}\n${text}\n${fence}\n`);
    lines.push({ uri, start: line + 1, count });
    line += count + 2;
  }
  return { text: parts.join(''), cells: lines };
}
