import { keepLineEnds } from './keep-line-ends.ts';
import { CELL_INFO } from './notebook-path.ts';
import { PROSE_BORDER } from './output-mark.ts';
import type { CellPiece, Piece, ProsePiece } from './pieces.ts';

/** A cell of an editor, to be written into the file. */
export interface EditorCell {
  kind: 'prose' | 'cell';
  /** Its text, with whatever line ends the editor uses. */
  text: string;
  /** What it was read from; absent for a cell that was added. */
  source?: Piece;
  /** A result with its marks in place of the one that was read; empty for none. */
  output?: string;
}

const BLANK_LAST = /(?:\r\n|\r(?!\n)|\n)[ \t]*(?:\r\n|\r|\n)$/;
const BORDER_LAST = new RegExp(`(?:^|[\\r\\n])[ ]{0,3}${PROSE_BORDER}\\s*$`);

/**
 * The Markdown of an editor's cells. A cell that was not changed gives back every character it was read from; of a
 * changed one the lines that are the same keep their ends.
 * @param head what stands in front of the first cell
 */
export function joinCells(head: string, cells: readonly EditorCell[]): string {
  const newline = usualNewline(cells);
  let text = head;
  for (const [index, cell] of cells.entries()) {
    if (text !== head && !/[\r\n]$/.test(text.slice(-1))) text += newline;
    const betweenProse = cell.kind === 'prose' && cells[index - 1]?.kind === 'prose';
    const isParted = betweenProse && BORDER_LAST.test(lastLines(text));
    const apart = cell.source === undefined || betweenProse;
    if (apart && !isParted && text !== head && !BLANK_LAST.test(lastLines(text))) text += newline;
    // Without a mark two cells of prose would be one when the file is read.
    if (betweenProse && !isParted) text += `${PROSE_BORDER}${newline}${newline}`;
    if (cell.kind === 'prose') text += proseText(cell, newline);
    else text += cellText(cell, newline, index === cells.length - 1);
  }
  return text;
}

/** The last line that is not blank with the end of the one above it, and all behind it: a pattern looks through what it is given whole. */
function lastLines(text: string): string {
  const end = text.trimEnd().length;
  return text.slice(Math.max(0, text.lastIndexOf('\n', end - 1), text.lastIndexOf('\r', end - 1)));
}

function cellText(cell: EditorCell, newline: string, last: boolean): string {
  const source = cell.source?.kind === 'cell' ? cell.source : undefined;
  const { open, text, close } = source ? fenced(source, cell.text, newline) : newFence(cell.text, newline);
  // A fence that is not closed ends with the file, and only there.
  const marker = /^(?:`+|~+)/.exec(open)?.[0] ?? '```';
  const ended = last || /[`~]/.test(close) ? close : `${close || newline}${marker}${newline}`;
  const before = source?.output ?? '';
  const output = cell.output ?? before;
  const trail = source?.trail ?? newline;
  if (output === before) return open + text + ended + (source?.gap ?? '') + output + trail;
  if (output === '') return open + text + ended + trail;
  const gap = before === '' ? newline : (source?.gap ?? newline);
  return open + text + ended + gap + output + newline + (trail === '' && !last ? newline : trail);
}

function proseText({ text, source }: EditorCell, newline: string): string {
  if (source?.kind !== 'prose') return keepLineEnds(newline, text) + newline + newline;
  return keep(source, text) + source.trail;
}

function keep(source: ProsePiece | CellPiece, text: string): string {
  return sameLines(source.text, text) ? source.text : keepLineEnds(source.text, text);
}

function fenced(
  source: CellPiece,
  text: string,
  newline: string,
): Pick<CellPiece, 'open' | 'text' | 'close'> {
  if (sameLines(source.text, text)) return source;
  const marker = /^(?:`+|~+)/.exec(source.open)?.[0] ?? '```';
  const longer = longEnough(marker, text);
  const written = source.text === '' ? keepLineEnds(newline, text) : keepLineEnds(source.text, text);
  const closing = source.close === '' ? `${newline}${longer}${newline}` : source.close;
  return {
    open: source.open.replace(marker, longer),
    text: written,
    close:
      (text !== '' && !/^[\r\n]/.test(closing) ? newline : '') +
      closing.replace(/`{3,}|~{3,}/, (each) => (longer.length > each.length ? longer : each)),
  };
}

function newFence(text: string, newline: string): Pick<CellPiece, 'open' | 'text' | 'close'> {
  const marker = longEnough('```', text);
  const content = keepLineEnds(newline, text);
  return {
    open: `${marker}${CELL_INFO}${newline}`,
    text: content,
    close: `${content === '' ? '' : newline}${marker}${newline}`,
  };
}

/** A fence that no line of the text closes. */
function longEnough(marker: string, text: string): string {
  const own = marker.charAt(0);
  const runs = text.match(new RegExp(`^ {0,3}\\${own}{3,}`, 'gm')) ?? [];
  const longest = Math.max(0, ...runs.map((run) => run.trim().length));
  return longest < marker.length ? marker : own.repeat(longest + 1);
}

function sameLines(a: string, b: string): boolean {
  return a === b || a.replace(/\r\n|\r/g, '\n') === b.replace(/\r\n|\r/g, '\n');
}

/** The line end of the file: that of the first opening fence or piece of prose that was read. */
function usualNewline(cells: readonly EditorCell[]): string {
  for (const { source } of cells) {
    const text = source && (source.kind === 'cell' ? source.open : source.text + source.trail);
    const end = text === undefined ? undefined : /\r\n|\n|\r/.exec(text)?.[0];
    if (end !== undefined) return end;
  }
  return '\n';
}
