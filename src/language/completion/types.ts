import type { Cursor } from '../cursor.ts';
import type { LanguageHost } from '../host.ts';
import type { Project } from '../project.ts';
import type { TuneDocument, TuneFile } from '../tree.ts';

/** One thing to write at the cursor. Offsets are those of the file. */
export interface Completion {
  label: string;
  kind: 'kind' | 'field' | 'value' | 'reference' | 'file' | 'folder' | 'column';
  /** A few words beside the label. */
  detail: string | undefined;
  /** Markdown. */
  documentation: string;
  start: number;
  end: number;
  newText: string;
  /** Whether `newText` is a snippet in the syntax of the language server protocol. */
  snippet: boolean;
  /** What is compared with what has been typed. */
  filterText: string;
  /** Items stand in the order of this text. */
  sortText: string;
}

/** What could stand at the cursor, before it is fitted into the text there. */
export interface Suggestion {
  /** A string, which gets the quotes that it needs. */
  value?: string;
  /** YAML as it is written. */
  yaml?: string;
  /** A snippet. */
  snippet?: string;
  label: string;
  kind: Completion['kind'];
  detail?: string;
  documentation: string;
}

/** What all suggestions are made from. */
export interface CompletionContext {
  project: Project;
  file: TuneFile;
  /** The document that the cursor is in, where it could be read. */
  document: TuneDocument | undefined;
  cursor: Cursor;
  /** What stands between the start of the place and the cursor, without a quote. */
  typed: string;
  host: LanguageHost;
  signal: AbortSignal | undefined;
}
