/**
 * A quick reading of a document for the place of the cursor: which maps and lists are open there. It reads YAML's
 * outline alone (indentation, dashes, keys, brackets, quotes), line by line, so that a broken or half-written document
 * has one as well; values are not understood. `parse.ts` reads what a document says.
 */

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

/** A pair of brackets while it is read. */
interface FlowLevel {
  frame: Frame;
  /** Where the current entry began. */
  from: number;
  /** The key whose value is being read. */
  key: KeyToken | undefined;
  token: { start: number; end: number; quoted: boolean } | undefined;
  item: number;
  /** The value was one in brackets, so nothing may follow but a comma. */
  complete: boolean;
}

const SPACE = /[ \t\r]/;

/** Reads the outline of one document, `text` from `start` to `end`. Gives its outermost map or list. */
export function outline(
  text: string,
  start: number,
  end: number,
  listener: OutlineListener,
): Frame | undefined {
  return new Outliner(text, start, end, listener).read();
}

class Outliner {
  readonly #text: string;
  readonly #end: number;
  readonly #listener: OutlineListener;
  #at: number;
  #root: Frame | undefined;
  /** Open block frames, the innermost last. */
  #stack: Frame[] = [];

  constructor(text: string, start: number, end: number, listener: OutlineListener) {
    this.#text = text;
    this.#at = start;
    this.#end = end;
    this.#listener = listener;
  }

  read(): Frame | undefined {
    if (this.#text.charAt(this.#at) === '\uFEFF') this.#at++;
    if (this.#at === this.#end) this.#loose(this.#at, this.#at);
    while (this.#at < this.#end) {
      this.#readLine();
      if (this.#at < this.#end) this.#at++;
      // A document that ends with a line break has one more line, and the cursor may be on it.
      if (this.#at === this.#end && this.#text.charAt(this.#end - 1) === '\n')
        this.#loose(this.#end, this.#end);
    }
    return this.#root;
  }

  /** Reads from the start of a line to the end of that line, or of the value that begins on it. */
  #readLine(): void {
    const lineStart = this.#at;
    const first = this.#skipSpaces(lineStart);
    const marker = first === lineStart && /^(---|\.\.\.)(?=\s|$)/.test(this.#text.slice(first, first + 4));
    if (marker || this.#text.charAt(first) === '%' || this.#text.charAt(first) === '#') {
      this.#at = this.#lineEnd(first);
    } else if (first >= this.#lineEnd(first)) {
      this.#loose(lineStart, first);
    } else {
      this.#readContent(lineStart, first);
    }
  }

  #readContent(lineStart: number, first: number): void {
    let at = first;
    while (this.#text.charAt(at) === '-' && /^\s?$/.test(this.#text.slice(at + 1, at + 2))) {
      const list = this.#openList(at - lineStart);
      const dash = at;
      at = this.#skipSpaces(at + 1);
      const key = at < this.#lineEnd(at) ? this.#keyAt(at) : undefined;
      const nested = this.#text.charAt(at) === '-' && /^\s?$/.test(this.#text.slice(at + 1, at + 2));
      if (!key && !nested) return this.#readValue(list, list.items - 1, dash + 1, undefined);
    }
    const key = this.#keyAt(at);
    if (!key) return this.#readLoose(lineStart, at);
    const frame = this.#openMap(at - lineStart);
    const colon = this.#text.indexOf(':', key.end);
    frame.keys.push(key);
    const place = { start: key.start, end: key.end, from: key.start, to: colon };
    this.#listener.slot({ kind: 'key', frame, step: undefined, colon: true, ...place });
    this.#readValue(frame, key.name, colon + 1, key);
  }

  /** The value behind a colon or a dash, to its end. */
  #readValue(frame: Frame, step: string | number, from: number, key: KeyToken | undefined): void {
    let start = this.#skipSpaces(from);
    for (let mark; (mark = /^[&!][^\s]*[ \t]*/.exec(this.#restOfLine(start)));) start += mark[0].length;
    const opener = this.#text.charAt(start);
    const glued = start === from;
    if (key) key.filled = start < this.#lineEnd(start) && !(opener === '#' && !glued);
    if (opener === '{' || opener === '[') return this.#readFlow(frame, step, start);
    if (opener === '|' || opener === '>') return this.#skipBlockScalar(start, frame.indent);
    let end = this.#plainEnd(start);
    let next = this.#lineEnd(start);
    if (opener === '"' || opener === "'") {
      end = this.#quotedEnd(start, frame.indent);
      next = this.#lineEnd(end);
    }
    this.#listener.slot({ kind: 'value', frame, step, from, to: end, start, end, colon: false });
    this.#at = next;
  }

  /** A line without a key: the rest of a longer value, or a word that becomes a key. */
  #readLoose(lineStart: number, first: number): void {
    const opener = this.#text.charAt(first);
    const holder = this.#stack.at(-1);
    if (opener === '{' || opener === '[') {
      const step = holder?.type === 'map' ? (holder.keys.at(-1)?.name ?? '') : 0;
      return this.#readFlow(holder, step, first);
    }
    this.#loose(lineStart, first);
    if (opener === '"' || opener === "'") {
      this.#at = this.#lineEnd(this.#quotedEnd(first, holder?.indent ?? -1));
    }
  }

  /** A map or list in brackets, over as many lines as it takes. */
  #readFlow(holder: Frame | undefined, step: string | number, opening: number): void {
    const indent = holder?.indent ?? -1;
    const open = [this.#openFlow(opening, holder, step, indent)];
    let at = opening + 1;
    for (let level; at < this.#end && (level = open.at(-1)); at++) {
      const char = this.#text.charAt(at);
      if (char === '\n') {
        if (this.#resumesBlock(at + 1, indent)) break;
      } else if (char === '#' && /\s/.test(this.#text.charAt(at - 1))) {
        this.#listener.comment?.(at, this.#lineEnd(at));
        at = this.#lineEnd(at) - 1;
      } else if ((char === '{' || char === '[') && !level.token) {
        const under = level.frame.type === 'seq' ? level.item : (level.key?.name ?? '');
        if (level.key) level.key.filled = true;
        level.complete = true;
        open.push(this.#openFlow(at, level.frame, under, indent));
      } else if (char === '}' || char === ']') {
        this.#finishFlow(level, at);
        open.pop();
      } else if (char === ',') {
        this.#finishFlow(level, at);
        level.key = undefined;
        level.complete = false;
        level.item++;
      } else if (char === ':' && this.#endsFlowKey(level, at)) {
        this.#finishFlow(level, at, true);
      } else if ((char === '"' || char === "'") && !level.token) {
        const end = this.#quotedEnd(at, indent);
        level.token = { start: at, end, quoted: true };
        at = end - 1;
      } else if (!SPACE.test(char)) {
        if (level.token) level.token.end = at + 1;
        else level.token = { start: at, end: at + 1, quoted: false };
      }
    }
    const unclosed = open.at(-1);
    if (unclosed) this.#finishFlow(unclosed, at);
    this.#at = unclosed ? at : this.#lineEnd(at);
  }

  #openFlow(at: number, parent: Frame | undefined, step: string | number, indent: number): FlowLevel {
    const type = this.#text.charAt(at) === '{' ? 'map' : 'seq';
    const frame = this.#newFrame(type, true, indent, parent, step);
    return { frame, from: at + 1, key: undefined, token: undefined, item: 0, complete: false };
  }

  /** Takes the text since the last delimiter as what it is: a key, a value, or an empty place for one. */
  #finishFlow(level: FlowLevel, at: number, colon = false): void {
    const { frame, key, token } = level;
    const isKey = frame.type === 'map' && !key;
    if (!level.complete) {
      this.#listener.slot({
        kind: isKey ? 'key' : 'value',
        frame,
        step: frame.type === 'seq' ? level.item : key?.name,
        colon,
        from: level.from,
        to: at,
        start: token?.start ?? at,
        end: token?.end ?? at,
      });
    }
    if (isKey && token) {
      const name = unquote(this.#text.slice(token.start, token.end));
      level.key = { name, start: token.start, end: token.end, filled: false };
      frame.keys.push(level.key);
    } else if (key && token) {
      key.filled = true;
    }
    level.from = at + 1;
    level.token = undefined;
  }

  #endsFlowKey({ frame, key, token }: FlowLevel, at: number): boolean {
    if (frame.type !== 'map' || key) return false;
    return token?.quoted === true || /^[\s,[\]{}]?$/.test(this.#text.slice(at + 1, at + 2));
  }

  /** Whether a line shows that brackets or quotes above it were never closed: it is a field of the block around them. */
  #resumesBlock(lineStart: number, indent: number): boolean {
    const first = this.#skipSpaces(lineStart);
    if (first === lineStart && this.#text.startsWith('---', first)) return true;
    return first - lineStart <= indent && first < this.#lineEnd(first) && this.#keyAt(first) !== undefined;
  }

  /** The end of a text in quotes, behind the closing one; the end of its line where there is none. */
  #quotedEnd(start: number, indent: number): number {
    const quote = this.#text.charAt(start);
    for (let at = start + 1; at < this.#end; at++) {
      const char = this.#text.charAt(at);
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) {
        if (quote === '"' || this.#text.charAt(at + 1) !== quote) return at + 1;
        at++;
      } else if (char === '\n' && this.#resumesBlock(at + 1, indent)) break;
    }
    return this.#lineEnd(start);
  }

  #skipBlockScalar(start: number, indent: number): void {
    let at = this.#lineEnd(start);
    while (at < this.#end) {
      const first = this.#skipSpaces(at + 1);
      const blank = first >= this.#lineEnd(first);
      if (!blank && first - (at + 1) <= indent) break;
      if (blank) this.#loose(at + 1, first);
      at = this.#lineEnd(first);
    }
    this.#at = Math.min(at, this.#end);
  }

  /** A key with its colon at an offset. */
  #keyAt(at: number): KeyToken | undefined {
    const line = this.#restOfLine(at);
    const match =
      /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:(?=\s|$)/.exec(line) ??
      /^((?:[^\s\-?:,[\]{}#&*!|>'"%@`]|[-?:](?=\S))(?:[^\s:]|:(?=\S)|[ \t]+(?=[^\s#:]))*)[ \t]*:(?=\s|$)/.exec(
        line,
      );
    const token = match?.[1];
    if (token === undefined) return undefined;
    return { name: unquote(token), start: at, end: at + token.length, filled: false };
  }

  #openMap(column: number): Frame {
    this.#closeDeeper(column);
    let top = this.#stack.at(-1);
    while (top?.type === 'seq' && top.indent === column) {
      this.#stack.pop();
      top = this.#stack.at(-1);
    }
    if (top?.type === 'map' && top.indent === column) return top;
    return this.#pushBlock('map', column, top);
  }

  #openList(column: number): Frame {
    this.#closeDeeper(column);
    const top = this.#stack.at(-1);
    const list = top?.type === 'seq' && top.indent === column ? top : this.#pushBlock('seq', column, top);
    list.items++;
    return list;
  }

  #closeDeeper(column: number): void {
    while ((this.#stack.at(-1)?.indent ?? -1) > column) this.#stack.pop();
  }

  #pushBlock(type: Frame['type'], column: number, holder: Frame | undefined): Frame {
    const step = holder?.type === 'seq' ? holder.items - 1 : (holder?.keys.at(-1)?.name ?? '');
    const frame = this.#newFrame(type, false, column, holder, step);
    this.#stack.push(frame);
    return frame;
  }

  #newFrame(
    type: Frame['type'],
    flow: boolean,
    indent: number,
    parent: Frame | undefined,
    step: string | number,
  ): Frame {
    const frame: Frame = { type, flow, indent, parent, step, keys: [], items: 0, children: new Map() };
    parent?.children.set(step, frame);
    this.#root ??= frame;
    return frame;
  }

  #loose(lineStart: number, first: number): void {
    const lineEnd = this.#lineEnd(first);
    const end = first < lineEnd ? this.#plainEnd(first) : first;
    const word = { start: first, end };
    this.#listener.loose?.({ stack: this.#stack, root: this.#root, lineStart, lineEnd, ...word });
    this.#at = lineEnd;
  }

  /** The end of what stands on the rest of the line, without spaces and a comment. */
  #plainEnd(start: number): number {
    const rest = this.#restOfLine(start);
    const cut = /(^|[ \t])#/.exec(rest)?.index;
    return start + rest.slice(0, cut).trimEnd().length;
  }

  #restOfLine(at: number): string {
    return this.#text.slice(at, this.#lineEnd(at));
  }

  #lineEnd(at: number): number {
    const next = this.#text.indexOf('\n', at);
    return next < 0 || next > this.#end ? this.#end : next;
  }

  #skipSpaces(at: number): number {
    let next = at;
    while (next < this.#end && SPACE.test(this.#text.charAt(next))) next++;
    return next;
  }
}

/** The name that a key's text stands for. */
function unquote(token: string): string {
  if (/^".*"$/s.test(token)) {
    try {
      const value: unknown = JSON.parse(token);
      if (typeof value === 'string') return value;
    } catch {
      return token.slice(1, -1);
    }
  }
  return /^'.*'$/s.test(token) ? token.slice(1, -1).replaceAll("''", "'") : token;
}
