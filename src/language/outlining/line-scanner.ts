import type { KeyToken } from './frame.ts';

/** What separates words on a line. */
export const SPACE = /[ \t\r]/;

/** Finds where keys, quotes and lines of a text end. Offsets are those of the text. */
export class LineScanner {
  readonly text: string;
  /** Where the text that is read ends. */
  readonly end: number;

  constructor(text: string, end: number) {
    this.text = text;
    this.end = end;
  }

  /** Whether a line shows that brackets or quotes above it were never closed: it is a field of the block around them. */
  resumesBlock(lineStart: number, indent: number): boolean {
    const first = this.skipSpaces(lineStart);
    if (first === lineStart && this.text.startsWith('---', first)) return true;
    return first - lineStart <= indent && first < this.lineEnd(first) && this.keyAt(first) !== undefined;
  }

  /** The end of a text in quotes, behind the closing one; the end of its line where there is none. */
  quotedEnd(start: number, indent: number): number {
    const quote = this.text.charAt(start);
    for (let at = start + 1; at < this.end; at++) {
      const char = this.text.charAt(at);
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) {
        if (quote === '"' || this.text.charAt(at + 1) !== quote) return at + 1;
        at++;
      } else if (char === '\n' && this.resumesBlock(at + 1, indent)) break;
    }
    return this.lineEnd(start);
  }

  /** A key with its colon at an offset. */
  keyAt(at: number): KeyToken | undefined {
    const line = this.restOfLine(at);
    const match =
      /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*:(?=\s|$)/.exec(line) ??
      /^((?:[^\s\-?:,[\]{}#&*!|>'"%@`]|[-?:](?=\S))(?:[^\s:]|:(?=\S)|[ \t]+(?=[^\s#:]))*)[ \t]*:(?=\s|$)/.exec(
        line,
      );
    const token = match?.[1];
    if (token === undefined) return undefined;
    return { name: unquote(token), start: at, end: at + token.length, filled: false };
  }

  /** The end of what stands on the rest of the line, without spaces and a comment. */
  plainEnd(start: number): number {
    const rest = this.restOfLine(start);
    const cut = /(^|[ \t])#/.exec(rest)?.index;
    return start + rest.slice(0, cut).trimEnd().length;
  }

  /** What stands from an offset on, up to the end of its line. */
  restOfLine(at: number): string {
    return this.text.slice(at, this.lineEnd(at));
  }

  /** The end of the line that an offset is on, without its break. */
  lineEnd(at: number): number {
    const next = this.text.indexOf('\n', at);
    return next < 0 || next > this.end ? this.end : next;
  }

  /** The next offset on the line where no space stands. */
  skipSpaces(at: number): number {
    let next = at;
    while (next < this.end && SPACE.test(this.text.charAt(next))) next++;
    return next;
  }
}

/** The name that a key's text stands for. */
export function unquote(token: string): string {
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
