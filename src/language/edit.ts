import { entryOf } from './node.ts';
import { removeFix, type FileEdit, type Fix } from './problem.ts';
import type { Entry, MapNode, Node, TuneFile } from './tree.ts';

/**
 * Sets the field under `path` to `text`, YAML on one line: replaces the value where there is one, else adds the field
 * and the maps that lead to it. `undefined` where the map stands elsewhere, behind an alias.
 */
export function setFix(
  title: string,
  root: MapNode | undefined,
  path: readonly string[],
  text: string,
): Fix | undefined {
  const edit = root && setEdit(root, path, text);
  return edit && { title, edits: [edit] };
}

/** Takes a field from where it stands and sets it under another path of the same document. */
export function moveFix(
  title: string,
  root: MapNode | undefined,
  entry: Entry,
  path: readonly string[],
): Fix | undefined {
  const { file } = entry.key.document;
  const { start, end } = entry.value;
  const text = file.text.slice(start, end);
  if (/[\r\n]/.test(text) || isElsewhere(entry)) return undefined;
  const added = root && setEdit(root, path, text);
  return added && { title, edits: [...removeFix(title, entry).edits, added] };
}

/** The edit of {@link setFix}. */
export function setEdit(map: MapNode, path: readonly string[], text: string): FileEdit | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return undefined;
  const entry = entryOf(map, name);
  if (!entry) return addEdit(map, `${name}: ${nest(rest, text)}`);
  if (isElsewhere(entry)) return undefined;
  if (rest.length === 0) return replaceEdit(entry.value, text);
  if (entry.value.type === 'map') return setEdit(entry.value, rest, text);
  return replaceEdit(entry.value, nest(rest, text));
}

/** `text` inside of the maps that `path` names: `{ local: { device: cpu } }`. */
function nest(path: readonly string[], text: string): string {
  return path.reduceRight((inner, name) => `{ ${name}: ${inner} }`, text);
}

/** Whether the entry, or its value, is written at another place, which a merge key or an alias refers to. */
function isElsewhere({ merged, key, value, end }: Entry): boolean {
  return merged || value.start < key.start || value.start > end;
}

function replaceEdit(node: Node, text: string): FileEdit {
  const { file } = node.document;
  const glued = node.start === node.end && file.text.charAt(node.start - 1) === ':';
  return { file, start: node.start, end: node.end, newText: glued ? ` ${text}` : text };
}

/** One more field at the end of a map. */
function addEdit(map: MapNode, field: string): FileEdit | undefined {
  const { file } = map.document;
  const last = map.entries.findLast((entry) => !entry.merged);
  if (map.flow) {
    if (!last) return { file, start: map.start, end: map.end, newText: `{ ${field} }` };
    return { file, start: last.end, end: last.end, newText: `, ${field}` };
  }
  const indent = file.lines.position(map.start).column - 1;
  const rest = /^[^\r\n]*/.exec(file.text.slice(map.end))?.[0].length ?? 0;
  const at = map.end + rest;
  return { file, start: at, end: at, newText: `${newlineOf(file)}${' '.repeat(indent)}${field}` };
}

/** What ends a line in a file. */
export function newlineOf(file: TuneFile): string {
  let newline = newlines.get(file);
  if (newline === undefined) {
    newline = file.text.includes('\r\n') ? '\r\n' : '\n';
    newlines.set(file, newline);
  }
  return newline;
}

/** A file never changes once it is parsed. */
const newlines = new WeakMap<TuneFile, string>();
