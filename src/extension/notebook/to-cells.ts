import { joinCells, type EditorCell } from '../../language/notebook/join-cells.ts';
import { readMark } from '../../language/notebook/output-mark.ts';
import { readPieces, type CellPiece, type Piece } from '../../language/notebook/pieces.ts';
import { outputText } from '../../language/notebook/write-output.ts';
import type { CellResultData } from './cell-data.ts';

/** A cell without anything of VS Code's. */
export interface PlainCell {
  kind: 'prose' | 'cell';
  text: string;
  source?: Piece;
  /** Absent for a cell that has none. */
  result?: CellResultData;
}

/** The cells of a notebook file. */
export function toCells(text: string): { head: string; cells: PlainCell[] } {
  const { head, pieces } = readPieces(text);
  return {
    head,
    cells: pieces.map((source) => {
      const result = source.kind === 'cell' ? resultOf(source) : undefined;
      return { kind: source.kind, text: source.text, source, ...(result && { result }) };
    }),
  };
}

function resultOf({ output }: CellPiece): CellResultData | undefined {
  const lines = output.split(/\r\n|\r|\n/);
  const mark = readMark(lines[0] ?? '');
  if (mark?.type !== 'begin') return undefined;
  const end = lines.findLastIndex((line) => readMark(line)?.type === 'end');
  return { markdown: lines.slice(1, end).join('\n').trim(), attributes: mark.attributes, raw: output };
}

/** The file of a notebook's cells. What nobody changed comes back as it was, to the byte. */
export function fromCells(head: string, cells: readonly PlainCell[]): string {
  const newline = /\r\n|\n|\r/.exec(cells.find(({ source }) => source)?.source?.trail ?? '')?.[0] ?? '\n';
  return joinCells(
    head,
    cells.map((cell) => toEditorCell(cell, newline)),
  );
}

function toEditorCell({ kind, text, source, result }: PlainCell, newline: string): EditorCell {
  const cell: EditorCell = { kind, text, ...(source && { source }) };
  const before = source?.kind === 'cell' ? source.output : '';
  if (kind === 'prose') return cell;
  // Until a run has ended the file keeps what was there before it.
  const kept = result?.live === undefined ? result : result.before;
  if (!kept) return { ...cell, output: '' };
  if (kept.raw !== undefined) return kept.raw === before ? cell : { ...cell, output: kept.raw.trimEnd() };
  return { ...cell, output: outputText(kept, newline) };
}
