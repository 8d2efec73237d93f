import type { LineIndex } from './lines.ts';
import type { Entry, MapNode, Node } from './node.ts';
import type { Kind } from './schema/kinds.ts';

/** A config file, parsed. */
export interface TuneFile {
  /** Absolute path. */
  path: string;
  text: string;
  lines: LineIndex;
  documents: TuneDocument[];
  /** What keeps the file from being read as YAML. */
  syntax: SyntaxProblem[];
}

/** One document of a file's stream. */
export interface TuneDocument {
  file: TuneFile;
  index: number;
  /** Offsets of the whole document, with its `---`. */
  start: number;
  end: number;
  root: Node | undefined;
  /** The kind and name, where exactly one kind word stands there. */
  kind: Kind | undefined;
  name: string | undefined;
  /** The entry of the kind word. */
  header: Entry | undefined;
  /** Whether YAML errors make it unwise to complain about what is missing. */
  broken: boolean;
}

/** Replaces the text between two offsets. */
export interface TextEdit {
  start: number;
  end: number;
  newText: string;
}

/** A YAML error, in words for people, with what to do. */
export interface SyntaxProblem {
  start: number;
  end: number;
  message: string;
  fix?: { title: string; edits: TextEdit[] };
}

/** The map at the root of a document; `undefined` for a document that is none. */
export function rootMap(document: TuneDocument): MapNode | undefined {
  return document.root?.type === 'map' ? document.root : undefined;
}
