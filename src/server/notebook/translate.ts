import type { CellLines } from './notebook-text.ts';

/** How a place in a notebook's text is told: by the cell that it stands in. */
export interface Translation {
  /** The cells of a notebook that is open as one. */
  cellsOf: (uri: string) => readonly CellLines[] | undefined;
  /** The cell that was asked about: places without a URI are its own. */
  asked?: CellLines;
}

type Json = Readonly<Record<string, unknown>>;

/** Stands for what is not to be told: a place outside of the cell that was asked about. */
const OUTSIDE = Symbol('outside');

/** Moves every position in a request by the lines in front of a cell. */
export function intoNotebook(value: unknown, lines: number): unknown {
  if (Array.isArray(value)) return value.map((each) => intoNotebook(each, lines));
  if (!isObject(value)) return value;
  if (isPosition(value)) return { ...value, line: value.line + lines };
  return mapValues(value, (each) => intoNotebook(each, lines));
}

/** An answer about a notebook's text in terms of its cells. */
export function intoCells(value: unknown, translation: Translation): unknown {
  const translated = walk(value, translation);
  return translated === OUTSIDE ? null : translated;
}

function walk(value: unknown, translation: Translation): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => walk(each, translation)).filter((each) => each !== OUTSIDE);
  }
  if (!isObject(value)) return value;
  if (isRange(value)) return moveRange(value, translation.asked);
  if (isPosition(value)) return movePosition(value, translation.asked);
  if (isEdit(value)) return moveEdit(value, translation.asked);
  if (typeof value['uri'] === 'string' && isObject(value['range'])) {
    return moveLocation(value, value['uri'], translation);
  }
  if (isObject(value['changes'])) return { ...value, changes: splitChanges(value['changes'], translation) };
  if (typeof value['startLine'] === 'number' && typeof value['endLine'] === 'number') {
    return moveFold(value, value['startLine'], value['endLine'], translation.asked);
  }
  const entries = Object.entries(value).map(([key, each]) => [key, walk(each, translation)] as const);
  // What has no place in the cell has no meaning there; what merely holds such a thing goes on without it.
  if (
    entries.some(([key, each]) => each === OUTSIDE && /^(range|selectionRange|textEdit|position)$/.test(key))
  )
    return OUTSIDE;
  return Object.fromEntries(entries.filter(([, each]) => each !== OUTSIDE));
}

function moveLocation(value: Json, uri: string, { cellsOf }: Translation): unknown {
  const cells = cellsOf(uri);
  if (!cells) return value;
  const { range } = value;
  const cell = isRange(range) ? cellAt(cells, range.start.line) : undefined;
  if (!cell || !isRange(range)) return OUTSIDE;
  const moved = moveRange(range, cell);
  return moved === OUTSIDE ? OUTSIDE : { ...value, uri: cell.uri, range: moved };
}

/** Edits by document, those of a notebook by cell. */
function splitChanges(changes: Json, { cellsOf }: Translation): Json {
  const split: Record<string, unknown[]> = {};
  for (const [uri, edits] of Object.entries(changes)) {
    const cells = cellsOf(uri);
    const list: unknown[] = Array.isArray(edits) ? edits : [];
    for (const edit of list) {
      if (!cells) (split[uri] ??= []).push(edit);
      else if (isEdit(edit)) {
        const cell = cellAt(cells, edit.range.start.line);
        const moved = moveEdit(edit, cell);
        if (cell && moved !== OUTSIDE) (split[cell.uri] ??= []).push(moved);
      }
    }
  }
  return split;
}

/** An edit in a cell. The end of a cell's last line is none of the cell's, so an edit that takes it in does not put it back. */
function moveEdit(edit: Edit, cell: CellLines | undefined): unknown {
  const range = moveRange(edit.range, cell);
  if (range === OUTSIDE || !cell) return range === OUTSIDE ? OUTSIDE : edit;
  const past = edit.range.end.line === cell.start + cell.count;
  const newText = past ? edit.newText.replace(/(?:\r\n|\r|\n)$/, '') : edit.newText;
  return { ...edit, range, newText };
}

function moveFold(value: Json, startLine: number, endLine: number, cell: CellLines | undefined): unknown {
  if (!cell) return value;
  if (!holds(cell, startLine) || !holds(cell, endLine)) return OUTSIDE;
  return { ...value, startLine: startLine - cell.start, endLine: endLine - cell.start };
}

/** A range that begins in a cell; one that ends behind it, as whole lines at its end do, ends with it. */
function moveRange(range: Range, cell: CellLines | undefined): unknown {
  if (!cell) return range;
  const { start, end } = range;
  if (!holds(cell, start.line)) return OUTSIDE;
  const last = cell.start + cell.count;
  if (end.line > last || (end.line === last && end.character > 0)) return OUTSIDE;
  return {
    start: { line: start.line - cell.start, character: start.character },
    end: { line: end.line - cell.start, character: end.character },
  };
}

function movePosition(position: Position, cell: CellLines | undefined): unknown {
  if (!cell) return position;
  return holds(cell, position.line) ? { ...position, line: position.line - cell.start } : OUTSIDE;
}

/** The cell that a line of the notebook's text stands in. */
export function cellAt(cells: readonly CellLines[], line: number): CellLines | undefined {
  return cells.find((cell) => holds(cell, line));
}

function holds({ start, count }: CellLines, line: number): boolean {
  return start <= line && line < start + count;
}

/** Semantic tokens (five numbers each, relative to the one before) of the lines of one cell. */
export function tokensOf(data: readonly number[], cell: CellLines): number[] {
  const own: number[] = [];
  let line = 0;
  let character = 0;
  let last = { line: 0, character: 0 };
  for (let index = 0; index + 4 < data.length; index += 5) {
    const [down = 0, right = 0, length = 0, type = 0, modifiers = 0] = data.slice(index, index + 5);
    line += down;
    character = down === 0 ? character + right : right;
    if (!holds(cell, line)) continue;
    const at = { line: line - cell.start, character };
    const below = at.line - last.line;
    own.push(below, below === 0 ? at.character - last.character : at.character, length, type, modifiers);
    last = at;
  }
  return own;
}

interface Position {
  line: number;
  character: number;
}

interface Range {
  start: Position;
  end: Position;
}

interface Edit {
  range: Range;
  newText: string;
}

function isEdit(value: unknown): value is Edit {
  return isObject(value) && isRange(value['range']) && typeof value['newText'] === 'string';
}

function isRange(value: unknown): value is Range {
  return isObject(value) && isPosition(value['start']) && isPosition(value['end']);
}

function isPosition(value: unknown): value is Position {
  return isObject(value) && typeof value['line'] === 'number' && typeof value['character'] === 'number';
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapValues(value: Json, change: (each: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(each)]));
}
