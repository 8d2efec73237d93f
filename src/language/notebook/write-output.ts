import type { TextEdit } from '../tree.ts';
import type { NotebookCell } from './notebook.ts';
import { checksum, OUTPUT_END, writeMark, type OutputAttributes } from './output-mark.ts';

/** A result: Markdown, and what its mark says. */
export interface CellResult {
  markdown: string;
  attributes: OutputAttributes;
}

/** The text of a result with its marks, without an end of its last line. */
export function outputText({ markdown, attributes }: CellResult, newline: string): string {
  const body = markdown.trim().replace(/\r\n|\r|\n/g, newline);
  const begin = writeMark({ ...attributes, checksum: checksum(body) });
  return [begin, '', body, '', OUTPUT_END].join(newline);
}

/**
 * The edit that puts a result below a cell, in place of the one that is there. Nothing else changes.
 * @throws Error when no closing fence ends the cell
 */
export function writeOutput(text: string, cell: NotebookCell, result: CellResult): TextEdit {
  if (!cell.closed) throw new Error('a cell without its closing fence got a result');
  const newline = newlineOf(text, cell);
  const written = outputText(result, newline);
  const { output } = cell;
  if (output) return { start: output.start, end: output.end, newText: written + endOf(text, output.end) };
  const start = cell.end;
  const begin = endOf(text, start) === '' ? newline + newline : newline;
  // What follows a result directly would be read as part of its last comment's block by some readers.
  const after = /^[ \t]*(?:\r\n|\r|\n|$)/.test(text.slice(start)) ? newline : newline + newline;
  return { start, end: start, newText: begin + written + after };
}

/** The edit that takes a cell's result away, with the blank lines above it; `undefined` where there is none. */
export function clearOutput(cell: NotebookCell): TextEdit | undefined {
  return cell.output && { start: cell.end, end: cell.output.end, newText: '' };
}

/** How the line before an offset ends. */
function endOf(text: string, offset: number): string {
  return /(?:\r\n|\r|\n)$/.exec(text.slice(Math.max(0, offset - 2), offset))?.[0] ?? '';
}

/** How the lines of a cell end: as its first one does. */
export function newlineOf(text: string, cell: { start: number; end: number }): string {
  return /\r\n|\n|\r/.exec(text.slice(cell.start, cell.end))?.[0] ?? '\n';
}
