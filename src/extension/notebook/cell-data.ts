import type { OutputAttributes } from '../../language/notebook/output-mark.ts';
import type { Piece } from '../../language/notebook/pieces.ts';

/** The type of a result that our renderer shows. */
export const RESULT_MIME = 'application/vnd.tunebook.result+json';

/** What a cell keeps of the file, in its metadata. */
export interface CellMetadata {
  /** What it was read from. */
  source?: Piece;
}

/** What a notebook keeps of the file, in its metadata. */
export interface NotebookMetadata {
  /** A byte order mark, and blank lines at the start. */
  head?: string;
}

/** A result as the renderer gets it. */
export interface CellResultData {
  /** The id of the run that goes on, while it does. */
  live?: string;
  /** The result that the cell had before: while a run goes on, it is what the file keeps. */
  before?: CellResultData;
  markdown: string;
  attributes: OutputAttributes;
  /** The result with its marks as it stands in the file; absent for a new one. */
  raw?: string;
}
