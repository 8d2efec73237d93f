import type { Notebook } from './notebook/notebook.ts';
import type { LineIndex } from './lines.ts';
import type { Kind } from './schema/kinds.ts';
import type { Slice } from './slice.ts';

/** A config file, parsed. */
export interface TuneFile {
  /** Absolute path. */
  path: string;
  text: string;
  lines: LineIndex;
  documents: readonly TuneDocument[];
  /** Where documents stand, each with its `---`; also those that hold nothing. */
  slices: readonly Slice[];
  /** What keeps the file from being read as YAML. Asking for it reads all documents. */
  readonly syntax: readonly SyntaxProblem[];
  /** The Markdown that the documents stand in, where the file is a notebook. */
  notebook?: Notebook;
}

/** One document of a file's stream. It is read when somebody first asks for what it holds. */
export interface TuneDocument {
  readonly file: TuneFile;
  readonly index: number;
  /** Offsets of the whole document, with its `---`. */
  readonly start: number;
  readonly end: number;
  /** The text between them. */
  readonly source: string;
  /** How many documents of the same text stand above it in the file. */
  readonly copy: number;
  readonly root: Node | undefined;
  /** The kind and name, where exactly one kind word stands there. */
  readonly kind: Kind | undefined;
  readonly name: string | undefined;
  /** The entry of the kind word. */
  readonly header: Entry | undefined;
  /** What keeps it from being read as YAML. */
  readonly problems: readonly SyntaxProblem[];
  /** Whether YAML errors make it unwise to complain about what is missing. */
  readonly broken: boolean;
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

/**
 * The syntax tree that everything else reads: plain values with their place in the text. Offsets are UTF-16 code units
 * from the start of the file. A node knows its document, because after `extends` one tree is made of several.
 */
export type Node = ScalarNode | MapNode | SeqNode;

interface NodeBase {
  document: TuneDocument;
  start: number;
  end: number;
}

export interface ScalarNode extends NodeBase {
  type: 'scalar';
  /** The value as YAML 1.2 reads it. */
  value: string | number | boolean | null;
  /** Whether it stands in quotes or as a block, and so is text whatever it looks like. */
  quoted: boolean;
  /** After substitution: the text with its `${…}`, of which `value` was made. */
  written?: string;
  /** After substitution: a `${…}` in it has no value here, so that nobody knows what it will be. */
  unresolved?: true;
}

export interface MapNode extends NodeBase {
  type: 'map';
  flow: boolean;
  entries: Entry[];
}

export interface SeqNode extends NodeBase {
  type: 'seq';
  flow: boolean;
  items: Node[];
}

/** A field of a map. Where nothing follows the colon, `value` is an empty `null` behind it. */
export interface Entry {
  key: ScalarNode;
  name: string;
  value: Node;
  /** The end of the whole entry in the text, without the line break. */
  end: number;
  /** Taken from a merge key (`<<: *anchor`): it stands elsewhere and gives way to a field of its own name. */
  merged: boolean;
}
