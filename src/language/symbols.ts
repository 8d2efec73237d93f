import type { Kind } from './schema/kinds.ts';
import type { Entry, Node, TuneDocument, TuneFile } from './tree.ts';

/** A document or field in the outline of a file. Offsets are those of the file. */
export interface OutlineSymbol {
  name: string;
  /** The value, shortened. */
  detail: string;
  type: Kind | 'unknown' | Node['type'] | 'number' | 'boolean' | 'null';
  /** The whole document or field. */
  start: number;
  end: number;
  /** Its name alone. */
  nameStart: number;
  nameEnd: number;
  children: OutlineSymbol[];
}

const DETAIL_LENGTH = 60;

/** The documents of a file and the fields in them. */
export function findSymbols(file: TuneFile): OutlineSymbol[] {
  return file.documents.flatMap((document) => documentSymbol(document) ?? []);
}

function documentSymbol(document: TuneDocument): OutlineSymbol | undefined {
  const { file, root, header, kind } = document;
  if (!root) return undefined;
  const at = header?.key ?? firstOf(root);
  const end = document.start + file.text.slice(document.start, document.end).trimEnd().length;
  return around({
    name: document.name || (kind === undefined ? `document ${document.index + 1}` : `${kind} without a name`),
    detail: kind ?? '',
    type: kind ?? 'unknown',
    start: Math.min(document.start, at.start),
    end: Math.max(end, at.end),
    nameStart: at.start,
    nameEnd: at.end,
    children: childrenOf(root, header),
  });
}

/** In a file that was read in spite of its mistakes a field may reach beyond what holds it. */
function around(symbol: OutlineSymbol): OutlineSymbol {
  const { children, start, end } = symbol;
  return {
    ...symbol,
    start: Math.min(start, ...children.map((child) => child.start)),
    end: Math.max(end, ...children.map((child) => child.end)),
  };
}

function childrenOf(node: Node, header?: Entry): OutlineSymbol[] {
  if (node.type === 'map') {
    const own = node.entries.filter((entry) => !entry.merged && entry !== header);
    return own.map((entry) => fieldSymbol(entry.name, entry.key, entry.value, entry.end));
  }
  if (node.type === 'seq') {
    // A list of plain values is told whole by its own line.
    if (node.items.every(({ type }) => type === 'scalar')) return [];
    return node.items.map((item, index) => fieldSymbol(String(index + 1), item, item, item.end));
  }
  return [];
}

function fieldSymbol(name: string, at: Node, value: Node, end: number): OutlineSymbol {
  // What an alias stands for is written, and listed, elsewhere.
  const isElsewhere = value.start < at.start || value.start > end;
  const { file } = at.document;
  return around({
    name: name === '' ? '""' : name,
    detail: isElsewhere ? 'alias' : detailOf(value, file.text),
    type: typeOf(value),
    start: at.start,
    end: Math.max(end, at.end),
    nameStart: at.start,
    nameEnd: Math.max(at.start, Math.min(at.end, end)),
    children: isElsewhere ? [] : childrenOf(value),
  });
}

function typeOf(node: Node): OutlineSymbol['type'] {
  if (node.type !== 'scalar') return node.type;
  if (node.value === null) return 'null';
  return typeof node.value === 'string' ? 'scalar' : typeof node.value === 'number' ? 'number' : 'boolean';
}

function detailOf(node: Node, text: string): string {
  if (node.type === 'map' && !node.flow) return '';
  if (node.type === 'seq' && !node.flow) return `${node.items.length} items`;
  const line = text
    .slice(node.start, Math.min(node.end, node.start + 2 * DETAIL_LENGTH))
    .replace(/\s+/g, ' ');
  return line.length > DETAIL_LENGTH ? `${line.slice(0, DETAIL_LENGTH)}…` : line;
}

function firstOf(node: Node): { start: number; end: number } {
  const first = node.type === 'map' ? node.entries.find((entry) => !entry.merged)?.key : undefined;
  return first ?? { start: node.start, end: node.start };
}
