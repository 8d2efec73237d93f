import type { OutputAttributes } from './output-mark.ts';

/** A stretch of a text. Offsets are UTF-16 code units from its start. */
export interface Span {
  start: number;
  end: number;
}

/** A result below its cell. */
export interface OutputRegion extends Span {
  /** What stands between the marks. */
  body: Span;
  attributes: OutputAttributes;
  /** Whether it was changed since it was written. */
  edited: boolean;
}

/** A fence with the info string `yaml tune`, outside of lists and quotations, at the left margin. */
export interface NotebookCell extends Span {
  index: number;
  /** The documents, with the last line's end. */
  content: Span;
  /** Whether a closing fence ends it. */
  closed: boolean;
  output: OutputRegion | undefined;
}

/** Something wrong with the Markdown of a notebook. */
export interface NotebookProblem extends Span {
  code: NotebookCode;
  message: string;
  fix?: { title: string; edits: (Span & { newText: string })[] };
}

export type NotebookCode =
  | 'notebook/unclosed-fence'
  | 'notebook/not-a-cell'
  | 'notebook/merge-conflict'
  | 'notebook/output-mark'
  | 'notebook/output-place'
  | 'notebook/output-edited';

/** A Markdown text as an experiment. */
export interface Notebook {
  text: string;
  cells: NotebookCell[];
  /** Lines that part two pieces of prose, with their ends. */
  borders: Span[];
  problems: NotebookProblem[];
}
