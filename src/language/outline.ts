/**
 * A quick reading of a document for the place of the cursor: which maps and lists are open there. It reads YAML's
 * outline alone (indentation, dashes, keys, brackets, quotes), line by line, so that a broken or half-written document
 * has one as well; values are not understood. `parse.ts` reads what a document says.
 */

import type { Frame, KeyToken, OutlineListener } from './outlining/frame.ts';
import { FlowReader } from './outlining/flow-reader.ts';
import { LineScanner } from './outlining/line-scanner.ts';
import { OpenFrames } from './outlining/open-frames.ts';

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
  readonly #scanner: LineScanner;
  readonly #frames = new OpenFrames();
  readonly #flow: FlowReader;
  readonly #listener: OutlineListener;
  #at: number;

  constructor(text: string, start: number, end: number, listener: OutlineListener) {
    this.#scanner = new LineScanner(text, end);
    this.#flow = new FlowReader(this.#scanner, this.#frames, listener);
    this.#at = start;
    this.#listener = listener;
  }

  read(): Frame | undefined {
    if (this.#scanner.text.charAt(this.#at) === '\uFEFF') this.#at++;
    if (this.#at === this.#scanner.end) this.#loose(this.#at, this.#at);
    while (this.#at < this.#scanner.end) {
      this.#readLine();
      if (this.#at < this.#scanner.end) this.#at++;
      // A document that ends with a line break has one more line, and the cursor may be on it.
      if (this.#at === this.#scanner.end && this.#scanner.text.charAt(this.#scanner.end - 1) === '\n')
        this.#loose(this.#scanner.end, this.#scanner.end);
    }
    return this.#frames.root;
  }

  /** Reads from the start of a line to the end of that line, or of the value that begins on it. */
  #readLine(): void {
    const lineStart = this.#at;
    const first = this.#scanner.skipSpaces(lineStart);
    const marker =
      first === lineStart && /^(---|\.\.\.)(?=\s|$)/.test(this.#scanner.text.slice(first, first + 4));
    if (marker || this.#scanner.text.charAt(first) === '%' || this.#scanner.text.charAt(first) === '#') {
      this.#at = this.#scanner.lineEnd(first);
    } else if (first >= this.#scanner.lineEnd(first)) {
      this.#loose(lineStart, first);
    } else {
      this.#readContent(lineStart, first);
    }
  }

  #readContent(lineStart: number, first: number): void {
    let at = first;
    while (this.#scanner.text.charAt(at) === '-' && /^\s?$/.test(this.#scanner.text.slice(at + 1, at + 2))) {
      const list = this.#frames.openList(at - lineStart);
      const dash = at;
      at = this.#scanner.skipSpaces(at + 1);
      const key = at < this.#scanner.lineEnd(at) ? this.#scanner.keyAt(at) : undefined;
      const nested =
        this.#scanner.text.charAt(at) === '-' && /^\s?$/.test(this.#scanner.text.slice(at + 1, at + 2));
      if (!key && !nested) return this.#readValue(list, list.items - 1, dash + 1, undefined);
    }
    const key = this.#scanner.keyAt(at);
    if (!key) return this.#readLoose(lineStart, at);
    const frame = this.#frames.openMap(at - lineStart);
    const colon = this.#scanner.text.indexOf(':', key.end);
    frame.keys.push(key);
    const place = { start: key.start, end: key.end, from: key.start, to: colon };
    this.#listener.slot({ kind: 'key', frame, step: undefined, colon: true, ...place });
    this.#readValue(frame, key.name, colon + 1, key);
  }

  /** The value behind a colon or a dash, to its end. */
  #readValue(frame: Frame, step: string | number, from: number, key: KeyToken | undefined): void {
    let start = this.#scanner.skipSpaces(from);
    for (let mark; (mark = /^[&!][^\s]*[ \t]*/.exec(this.#scanner.restOfLine(start)));)
      start += mark[0].length;
    const opener = this.#scanner.text.charAt(start);
    const glued = start === from;
    if (key) key.filled = start < this.#scanner.lineEnd(start) && !(opener === '#' && !glued);
    if (opener === '{' || opener === '[') {
      this.#at = this.#flow.read(frame, step, start);
      return;
    }
    if (opener === '|' || opener === '>') return this.#skipBlockScalar(start, frame.indent);
    let end = this.#scanner.plainEnd(start);
    let next = this.#scanner.lineEnd(start);
    if (opener === '"' || opener === "'") {
      end = this.#scanner.quotedEnd(start, frame.indent);
      next = this.#scanner.lineEnd(end);
    }
    this.#listener.slot({ kind: 'value', frame, step, from, to: end, start, end, colon: false });
    this.#at = next;
  }

  /** A line without a key: the rest of a longer value, or a word that becomes a key. */
  #readLoose(lineStart: number, first: number): void {
    const opener = this.#scanner.text.charAt(first);
    const holder = this.#frames.stack.at(-1);
    if (opener === '{' || opener === '[') {
      const step = holder?.type === 'map' ? (holder.keys.at(-1)?.name ?? '') : 0;
      this.#at = this.#flow.read(holder, step, first);
      return;
    }
    this.#loose(lineStart, first);
    if (opener === '"' || opener === "'") {
      this.#at = this.#scanner.lineEnd(this.#scanner.quotedEnd(first, holder?.indent ?? -1));
    }
  }

  #skipBlockScalar(start: number, indent: number): void {
    let at = this.#scanner.lineEnd(start);
    while (at < this.#scanner.end) {
      const first = this.#scanner.skipSpaces(at + 1);
      const blank = first >= this.#scanner.lineEnd(first);
      if (!blank && first - (at + 1) <= indent) break;
      if (blank) this.#loose(at + 1, first);
      at = this.#scanner.lineEnd(first);
    }
    this.#at = Math.min(at, this.#scanner.end);
  }

  #loose(lineStart: number, first: number): void {
    const lineEnd = this.#scanner.lineEnd(first);
    const end = first < lineEnd ? this.#scanner.plainEnd(first) : first;
    const word = { start: first, end };
    this.#listener.loose?.({
      stack: this.#frames.stack,
      root: this.#frames.root,
      lineStart,
      lineEnd,
      ...word,
    });
    this.#at = lineEnd;
  }
}
