/** A map or a list in the text. */
export interface Frame {
  type: 'map' | 'seq';
  /** Written in brackets. */
  flow: boolean;
  /** Column of its keys or dashes, from 0; of the line that opens it for brackets. */
  indent: number;
  parent: Frame | undefined;
  /** The key or list position in the parent that holds it. */
  step: string | number;
  keys: KeyToken[];
  /** Number of items begun, for lists. */
  items: number;
  children: Map<string | number, Frame>;
}

/** A key in the text. */
export interface KeyToken {
  name: string;
  start: number;
  end: number;
  /** Whether something stands behind the colon on the same line. */
  filled: boolean;
}

/** A place where a key or a value stands, or could. Offsets are those of the file. */
export interface Slot {
  kind: 'key' | 'value';
  /** The map of a key; the map or list that holds a value. `undefined` for the root of a document without fields. */
  frame: Frame | undefined;
  /** The key, for a value in a map; the position, for one in a list; of a key that opens a map, the step to that map. */
  step: string | number | undefined;
  /** The whole place: a cursor in it is here. */
  from: number;
  to: number;
  /** The text that stands there; empty at `start` where nothing does. */
  start: number;
  end: number;
  /** A key that already has its colon. */
  colon: boolean;
}

/** Receives what the outliner comes across. */
export interface OutlineListener {
  slot(slot: Slot): void;
  /** A line of a block that holds no key: blank, or a word that may become a key. `stack` is valid during the call. */
  loose?(line: LooseLine): void;
  /** A comment among brackets, where slots may go around it. */
  comment?(start: number, end: number): void;
}

/** A blank line or a lone word in a block. */
export interface LooseLine {
  /** The frames that are open above the line, the innermost last. */
  stack: readonly Frame[];
  root: Frame | undefined;
  lineStart: number;
  lineEnd: number;
  /** The word without what surrounds it; empty on a blank line. */
  start: number;
  end: number;
}
