import { outline } from './outline.ts';
import type { Frame, LooseLine, Slot } from './outlining/frame.ts';
import { tellingWords } from './identify.ts';
import type { Kind } from './schema/kinds.ts';
import { sliceDocuments, type Slice } from './slice.ts';

/** Where a cursor stands in a config, in terms of what could be written there. Offsets are those of the file. */
export interface Cursor {
  /**
   * `key`: a field of the map at `path`; where that is no map, its value on a line of its own. `value`: the value at
   * `path`. `item`: a further item of the list at `path`, with its dash.
   */
  place: 'key' | 'value' | 'item';
  path: (string | number)[];
  /** The kind word of the document, where there is one. */
  kind: Kind | undefined;
  /** The text to replace, with its quotes; empty where nothing stands. */
  start: number;
  end: number;
  quote: '"' | "'" | undefined;
  /** Names of the other fields of the map, or the other values of the list, as they are written. */
  siblings: string[];
  /** Inside brackets. */
  flow: boolean;
  /** Column that a field or dash stands in, from 0. */
  column: number;
  /** The field has its colon already. */
  colon: boolean;
  /** Nothing separates the place from the colon or dash in front of it. */
  glued: boolean;
  /** Another entry of the same brackets follows without a comma in between. */
  followed: boolean;
  /** The document that the cursor is in. */
  slice: Slice;
}

/** What could be written at an offset; `undefined` in comments, in blocks of text, outside of all documents, and where nothing fits. */
export function findCursor(
  text: string,
  offset: number,
  slices: readonly Slice[] = sliceDocuments(text),
): Cursor | undefined {
  const slice = slices.findLast(({ start, end }) => start <= offset && offset <= end);
  if (!slice) return undefined;
  const slots: Slot[] = [];
  let found: Found | undefined;
  let inComment = false;
  const root = outline(text, slice.start, slice.end, {
    slot(slot) {
      slots.push(slot);
      if (slot.from <= offset && offset <= slot.to) found = fromSlot(text, offset, slot) ?? found;
    },
    comment(start, end) {
      inComment ||= start < offset && offset <= end;
    },
    loose(line) {
      // Behind `?` a key may be anything: no field of ours is written so.
      if (/^\?(\s|$)/.test(text.slice(line.start, line.end))) return;
      if (line.lineStart <= offset && offset <= line.lineEnd) found = fromLine(offset, line);
    },
  });
  if (!found || inComment || isWrittenBelow(found)) return undefined;
  return complete(found, { text, slice, root, slots });
}

/** A place, before the rest of the document is known. */
interface Found {
  place: Cursor['place'];
  /** The frame that holds the place. */
  frame: Frame | undefined;
  /** The step from `frame` to the place: a field without a value, an item of a list. */
  step: string | number | undefined;
  start: number;
  end: number;
  column: number | undefined;
  colon: boolean;
  glued: boolean;
  followed: boolean;
}

function fromSlot(text: string, offset: number, slot: Slot): Found | undefined {
  const { frame, step, kind: place } = slot;
  const found = { place, frame, step, column: frame?.indent, colon: slot.colon, followed: false };
  if (offset >= slot.start && offset <= slot.end && slot.start < slot.end) {
    return { ...found, ...onLine(text, offset, slot), glued: false };
  }
  const empty = { ...found, start: offset, end: offset };
  if (slot.start === slot.end) return { ...empty, glued: isGlued(text, slot, offset) };
  // A line of its own in front of an entry of the same brackets.
  if (offset < slot.start && text.slice(offset, slot.start).includes('\n')) {
    return { ...empty, colon: false, glued: false, followed: true };
  }
  return undefined;
}

/**
 * The part of a text that stands on the line of the cursor. In brackets a second line is a field in front of which the
 * comma is still missing.
 */
function onLine(text: string, offset: number, { frame, start, end }: Slot): Partial<Found> & Slice {
  const first = offset > 0 ? text.lastIndexOf('\n', offset - 1) + 1 : 0;
  const next = text.indexOf('\n', offset);
  const last = next < 0 || next > end ? end : next;
  if (first <= start)
    return { start, end: Math.max(offset, start + text.slice(start, last).trimEnd().length) };
  const line = text.slice(first, last);
  const from = first + (line.length - line.trimStart().length);
  const to = from + line.trim().length;
  const here = offset < from || offset > to ? { start: offset, end: offset } : { start: from, end: to };
  return frame?.type === 'map' ? { place: 'key', step: undefined, ...here } : here;
}

function isGlued(text: string, slot: Slot, offset: number): boolean {
  return offset === slot.from && /[:-]/.test(text.charAt(offset - 1));
}

/** Whether the value of the place stands on the lines that follow. */
function isWrittenBelow({ place, frame, step, start, end }: Found): boolean {
  return place === 'value' && start === end && step !== undefined && frame?.children.has(step) === true;
}

/** A blank line or a lone word: its column says whose field it becomes. */
function fromLine(offset: number, line: LooseLine): Found | undefined {
  const word = line.start < line.end;
  if (word && (offset < line.start || offset > line.end)) return undefined;
  const column = (word ? line.start : offset) - line.lineStart;
  const range = word ? { start: line.start, end: line.end } : { start: offset, end: offset };
  const found = { ...range, column, colon: false, glued: false, followed: false };
  if (line.stack.length === 0) return { place: 'key', frame: undefined, step: undefined, ...found };
  const level = line.stack.findLastIndex(({ indent }) => indent <= column);
  const frame = line.stack[level];
  if (!frame) return undefined;
  if (frame.indent === column) {
    // A list may stand in the column of its own field.
    const holder = line.stack[level - 1];
    if (frame.type === 'map') return { place: 'key', frame, step: undefined, ...found };
    if (holder?.indent === column) return { place: 'key', frame: holder, step: undefined, ...found };
    return { place: 'item', frame, step: undefined, ...found };
  }
  const last = frame.keys.at(-1);
  if (frame.type === 'seq' || !last || last.filled) return undefined;
  const child = frame.children.get(last.name);
  if (child && child.indent !== column) return undefined;
  return { place: 'key', frame, step: last.name, ...found };
}

interface Context {
  text: string;
  slice: Slice;
  root: Frame | undefined;
  slots: Slot[];
}

function complete(found: Found, { text, slice, root, slots }: Context): Cursor {
  const { place, start, end, colon, glued, followed } = found;
  const opened = place === 'key' && found.step !== undefined;
  const child = opened ? found.frame?.children.get(found.step ?? '') : undefined;
  const frame = opened ? child : place === 'key' ? (found.frame ?? root) : found.frame;
  const path = found.frame ? pathOf(found.frame) : [];
  if (found.step !== undefined && (place === 'value' || opened)) path.push(found.step);
  const keys = place === 'key' && frame?.type === 'map' ? frame.keys : [];
  const values =
    found.frame?.type === 'seq'
      ? slots.filter((slot) => slot.kind === 'value' && slot.frame === found.frame)
      : [];
  const others = (place === 'key' ? keys : values).filter((each) => each.start > start || each.end < end);
  const first = text.charAt(start);
  return {
    place,
    path,
    kind: tellingWords(root?.keys.map(({ name }) => name) ?? [])[0],
    start,
    end,
    quote: start < end && (first === '"' || first === "'") ? first : undefined,
    siblings: others.map((each) => ('name' in each ? each.name : text.slice(each.start, each.end))),
    flow: found.frame?.flow === true && !opened,
    column: found.column ?? 0,
    colon,
    glued,
    followed,
    slice,
  };
}

/** The fields and list positions that lead to a frame. */
function pathOf(frame: Frame): (string | number)[] {
  const path: (string | number)[] = [];
  for (let current: Frame | undefined = frame; current?.parent; current = current.parent)
    path.unshift(current.step);
  return path;
}
