import { readNotebook } from './read-notebook.ts';
import type { Notebook, Span } from './notebook.ts';

/** Prose between cells. `text` and `trail` together are what stands in the file. */
export interface ProsePiece {
  kind: 'prose';
  text: string;
  /** The end of the last line, the blank lines behind it, and the line that parts it from prose that follows. */
  trail: string;
}

/** A cell with its result; all parts in this order are what stands in the file. */
export interface CellPiece {
  kind: 'cell';
  /** The line of the opening fence. */
  open: string;
  /** The documents, without the last line's end. */
  text: string;
  /** That end, and the line of the closing fence; empty where there is none. */
  close: string;
  /** Blank lines between the cell and its result. */
  gap: string;
  /** The result with its marks; empty where there is none. */
  output: string;
  trail: string;
}

export type Piece = ProsePiece | CellPiece;

/** A Markdown file cut up as an editor of notebooks shows it. */
export interface Pieces {
  /** A byte order mark, and blank lines at the start. */
  head: string;
  pieces: Piece[];
}

/** Cuts a Markdown text into prose and cells. {@link joinPieces} gives back every character. */
export function cutPieces(notebook: Notebook): Pieces {
  const { text, cells, borders } = notebook;
  const head = /^\uFEFF?(?:[ \t]*(?:\r\n|\r|\n))*/.exec(text)?.[0] ?? '';
  const pieces: Piece[] = [];
  let position = head.length;
  for (const cell of cells) {
    if (cell.start > position) pieces.push(...proses(text, position, cell.start, borders));
    const content = splitEnd(text.slice(cell.content.start, cell.content.end));
    const regionStart = cell.output?.start ?? cell.end;
    const end = cell.output?.end ?? cell.end;
    const trail = blankLines(text.slice(end));
    pieces.push({
      kind: 'cell',
      open: text.slice(cell.start, cell.content.start),
      text: content.text,
      close: content.end + text.slice(cell.content.end, cell.end),
      gap: text.slice(cell.end, regionStart),
      output: text.slice(regionStart, end),
      trail,
    });
    position = end + trail.length;
  }
  if (position < text.length) pieces.push(...proses(text, position, text.length, borders));
  return { head, pieces };
}

/** {@link cutPieces} of a text. */
export function readPieces(text: string): Pieces {
  return cutPieces(readNotebook(text));
}

/** The text that was cut. */
export function joinPieces({ head, pieces }: Pieces): string {
  return head + pieces.map(pieceText).join('');
}

/** What stands in the file for a piece. */
export function pieceText(piece: Piece): string {
  if (piece.kind === 'prose') return piece.text + piece.trail;
  return piece.open + piece.text + piece.close + piece.gap + piece.output + piece.trail;
}

/** A stretch of prose, in pieces where lines part it. */
function proses(text: string, from: number, to: number, borders: readonly Span[]): ProsePiece[] {
  const pieces: ProsePiece[] = [];
  let position = from;
  for (const { start, end } of borders) {
    if (start < position || start >= to) continue;
    const piece = prose(text.slice(position, start));
    if (piece.text === '') continue;
    const next = end + blankLines(text.slice(end, to)).length;
    pieces.push({ ...piece, trail: piece.trail + text.slice(start, next) });
    position = next;
  }
  return position < to ? [...pieces, prose(text.slice(position, to))] : pieces;
}

function prose(text: string): ProsePiece {
  const trail = /(?:\r\n|\r|\n)?(?:[ \t]*(?:\r\n|\r|\n))*[ \t]*$/.exec(text)?.[0] ?? '';
  // Spaces behind the last word are a line break of Markdown's: they are the person's.
  const own = /^[ \t]*/.exec(trail)?.[0].length ?? 0;
  const cut = text.length - trail.length + (trail.length === own ? own : 0);
  return { kind: 'prose', text: text.slice(0, cut), trail: text.slice(cut) };
}

function splitEnd(text: string): { text: string; end: string } {
  const end = /(?:\r\n|\r|\n)$/.exec(text)?.[0] ?? '';
  return { text: text.slice(0, text.length - end.length), end };
}

/** The blank lines at the start of a text. */
function blankLines(text: string): string {
  return /^(?:[ \t]*(?:\r\n|\r|\n))*/.exec(text)?.[0] ?? '';
}
