import type { TunebookError } from '../../protocol/error.ts';

/** One row of a data file, before anything is asked of it. */
export interface SourceRow {
  /** By column. Strings in csv and tsv; any JSON value in json and jsonl; `{ text }` in txt. */
  values: Record<string, unknown>;
  file: string;
  /** Where the row begins, from 1. */
  line: number;
  /** The names of the classes of a column in the order of their ids, where the file tells them. */
  classes?: Readonly<Record<string, readonly string[]>>;
}

export interface ReadOptions {
  /** Aborts between blocks of lines. */
  signal?: AbortSignal;
  /** What a row of a `.txt` file is; a line when absent. */
  sample_by?: 'line' | 'paragraph' | 'document';
  /** Called with the columns of each file that has a header, also when no row follows. */
  onColumns?: (file: string, columns: string[]) => void;
  /** Called with the bytes of the current file that have been read. */
  onBytes?: (file: string, bytes: number) => void;
  /** Gets a row that cannot be read, and reading goes on behind it. Without it the problem is thrown. */
  onProblem?: (problem: TunebookError) => void;
}

/** Hands a problem to the one who collects them, or throws it. */
export function report(problem: TunebookError, { onProblem }: ReadOptions): void {
  if (!onProblem) throw problem;
  onProblem(problem);
}
