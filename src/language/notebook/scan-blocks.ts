import { htmlBlockAt, type HtmlBlock } from './html-block.ts';
import { LineCursor } from './line-cursor.ts';

/** A fenced code block. Offsets are UTF-16 code units from the start of the text. */
export interface Fence {
  /** The whole block, from the start of its first line to behind its last line's end. */
  start: number;
  end: number;
  /** What stands between the fences, with its last line's end. */
  contentStart: number;
  contentEnd: number;
  /** The backticks or tildes that open it. */
  marker: string;
  /** What follows them, trimmed. */
  info: string;
  /** Columns in front of the opening fence. */
  indent: number;
  /** How many lists' items and quotations it stands in. */
  depth: number;
  /** Whether a closing fence ends it, and not the end of the text or of what it stands in. */
  closed: boolean;
}

/** An HTML comment that begins a line outside of lists and quotations. */
export interface Comment {
  /** Its first line, without white space around it. */
  text: string;
  /** The line, with its end. */
  start: number;
  end: number;
}

export interface Blocks {
  fences: Fence[];
  comments: Comment[];
}

type Container = { type: 'quote' } | { type: 'item'; width: number; empty: boolean };

type Leaf = { type: 'paragraph' } | { type: 'fence'; fence: Fence } | { type: 'html'; block: HtmlBlock };

const THEMATIC_BREAK = /^(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$/;

/** Finds the fenced code blocks of a Markdown text by the block rules of CommonMark 0.31. Linear in the text. */
export function scanBlocks(text: string): Blocks {
  const scanner = new BlockScanner();
  for (let start = frontMatterEnd(text); start < text.length;) {
    let end = start;
    while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
    const next = Math.min(text.length, end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1));
    scanner.addLine(text.slice(start, end), start, next);
    start = next;
  }
  return scanner.finish(text.length);
}

/** Where the text begins behind a byte order mark and behind YAML between two `---` lines at its very start. */
function frontMatterEnd(text: string): number {
  const bom = text.startsWith('\uFEFF') ? 1 : 0;
  const match = /^---[ \t]*(?:\r\n|\r|\n)(?:[^\r\n]*(?:\r\n|\r|\n))*?---[ \t]*(?:\r\n|\r|\n|$)/.exec(
    text.slice(bom),
  );
  return bom + (match?.[0].length ?? 0);
}

class BlockScanner {
  readonly #fences: Fence[] = [];
  readonly #comments: Comment[] = [];
  #containers: Container[] = [];
  #leaf: Leaf | undefined;

  addLine(line: string, start: number, next: number): void {
    const cursor = new LineCursor(line);
    const matched = this.#matchContainers(cursor);
    const all = matched === this.#containers.length;
    if (!all && this.#leaf && this.#leaf.type !== 'paragraph') this.#closeLeaf(start);
    if (all && this.#continueLeaf(cursor, start, next)) return;
    this.#openBlocks(cursor, matched, start, next);
  }

  finish(end: number): Blocks {
    this.#closeLeaf(end);
    return { fences: this.#fences, comments: this.#comments };
  }

  /** How many of the open lists' items and quotations the line goes on with. */
  #matchContainers(cursor: LineCursor): number {
    let matched = 0;
    for (const container of this.#containers) {
      const { indent, blank } = cursor.peek();
      if (container.type === 'quote') {
        if (indent > 3 || !cursor.rest().startsWith('>')) break;
        enterQuote(cursor);
      } else if (blank) {
        if (container.empty) break;
        cursor.skipSpace();
      } else if (indent >= container.width) cursor.advanceColumns(container.width);
      else break;
      matched++;
    }
    return matched;
  }

  /** Whether the line is part of the fenced code or HTML that is open. */
  #continueLeaf(cursor: LineCursor, start: number, next: number): boolean {
    const leaf = this.#leaf;
    if (leaf?.type === 'fence') {
      const { indent } = cursor.peek();
      const closing = indent > 3 ? undefined : /^(?:`{3,}|~{3,})(?=[ \t]*$)/.exec(cursor.rest())?.[0];
      if (closing?.startsWith(leaf.fence.marker)) {
        this.#closeFence(leaf.fence, start, next, true);
        this.#leaf = undefined;
      }
      return true;
    }
    if (leaf?.type !== 'html') return false;
    const { closes } = leaf.block;
    if (!closes && cursor.peek().blank) {
      this.#leaf = undefined;
      return false;
    }
    if (closes?.test(cursor.text.slice(cursor.position))) this.#leaf = undefined;
    return true;
  }

  #openBlocks(cursor: LineCursor, matched: number, start: number, next: number): void {
    const lazy = this.#leaf?.type === 'paragraph' && matched < this.#containers.length;
    let inParagraph = this.#leaf?.type === 'paragraph' && !lazy;
    let opened = false;
    const open = () => {
      if (!opened) this.#containers.length = matched;
      if (!opened) this.#closeLeaf(start);
      opened = true;
      inParagraph = false;
    };
    for (;;) {
      const { indent, blank } = cursor.peek();
      const rest = cursor.rest();
      if (blank || indent > 3) break;
      if (rest.startsWith('>')) {
        open();
        this.#fillItem();
        enterQuote(cursor);
        this.#containers.push({ type: 'quote' });
        continue;
      }
      const leaf = this.#leafAt(rest, inParagraph, lazy && !opened, { indent, start, next });
      if (leaf) {
        open();
        this.#fillItem();
        this.#begin(leaf, rest, start, next);
        return;
      }
      const item = enterItem(cursor, inParagraph);
      if (!item) break;
      open();
      this.#fillItem();
      this.#containers.push(item);
    }
    this.#addText(cursor, { lazy: lazy && !opened, matched, opened, start });
  }

  /** A block that begins here and holds no others; `none` for one of a single line. */
  #leafAt(
    rest: string,
    inParagraph: boolean,
    lazy: boolean,
    at: { indent: number; start: number; next: number },
  ): Leaf | 'none' | undefined {
    if (/^#{1,6}(?:[ \t]|$)/.test(rest)) return 'none';
    const marker = /^(?:`{3,}(?!.*`)|~{3,})/.exec(rest)?.[0];
    if (marker !== undefined) {
      const { indent, start, next } = at;
      const info = rest.slice(marker.length).trim();
      const depth = this.#containers.length;
      const content = { contentStart: next, contentEnd: next };
      return {
        type: 'fence',
        fence: { start, end: next, ...content, marker, info, indent, depth, closed: false },
      };
    }
    const block = htmlBlockAt(rest, inParagraph || lazy);
    if (block) return { type: 'html', block };
    if (inParagraph && /^(?:=+|-+)[ \t]*$/.test(rest)) return 'none';
    return THEMATIC_BREAK.test(rest) ? 'none' : undefined;
  }

  #begin(leaf: Leaf | 'none', rest: string, start: number, next: number): void {
    this.#leaf = undefined;
    if (leaf === 'none') return;
    if (leaf.type === 'fence') {
      leaf.fence.depth = this.#containers.length;
      this.#fences.push(leaf.fence);
    }
    if (leaf.type === 'html') {
      if (rest.startsWith('<!--') && this.#containers.length === 0) {
        this.#comments.push({ text: rest.trimEnd(), start, end: next });
      }
      if (leaf.block.closes?.test(rest)) return;
    }
    this.#leaf = leaf;
  }

  #addText(
    cursor: LineCursor,
    { lazy, matched, opened, start }: { lazy: boolean; matched: number; opened: boolean; start: number },
  ): void {
    const { indent, blank } = cursor.peek();
    if (lazy && !blank) return;
    if (!opened) this.#containers.length = matched;
    if (blank) {
      this.#closeLeaf(start);
      return;
    }
    this.#fillItem();
    if (this.#leaf?.type !== 'paragraph' || lazy) this.#leaf = indent > 3 ? undefined : { type: 'paragraph' };
  }

  /** Something stands in the innermost item: a blank line no longer ends it. */
  #fillItem(): void {
    const last = this.#containers.at(-1);
    if (last?.type === 'item') last.empty = false;
  }

  #closeLeaf(at: number): void {
    if (this.#leaf?.type === 'fence') this.#closeFence(this.#leaf.fence, at, at, false);
    this.#leaf = undefined;
  }

  #closeFence(fence: Fence, contentEnd: number, end: number, closed: boolean): void {
    Object.assign(fence, { contentEnd, end, closed });
  }
}

function enterQuote(cursor: LineCursor): void {
  cursor.skipSpace();
  cursor.advanceColumns(1);
  if (cursor.atSpace) cursor.advanceColumns(1);
}

/** Goes behind a list marker. An item that interrupts a paragraph must hold something, and a number must be 1. */
function enterItem(cursor: LineCursor, inParagraph: boolean): Container | undefined {
  const rest = cursor.rest();
  const marker = /^(?:[*+-]|\d{1,9}[.)])(?=[ \t]|$)/.exec(rest)?.[0];
  if (marker === undefined) return undefined;
  const blank = rest.slice(marker.length).trim() === '';
  if (inParagraph && (blank || (/^\d/.test(marker) && Number.parseInt(marker, 10) !== 1))) return undefined;
  const { indent } = cursor.peek();
  cursor.skipSpace();
  cursor.advanceColumns(marker.length);
  const { indent: spaces } = cursor.peek();
  const taken = blank || spaces > 4 ? 1 : spaces;
  cursor.advanceColumns(taken);
  return { type: 'item', width: indent + marker.length + taken, empty: blank };
}
