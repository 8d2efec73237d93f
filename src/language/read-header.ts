import { tellingWords } from './identify.ts';
import { ODD_BREAK } from './lines.ts';
import type { Kind } from './schema/kinds.ts';

/** Blank lines, comments and the `---`, then `word: name` with nothing else in its line. */
const FIRST_LINE =
  /^(?:(?:---)?[ \t]*(?:#[^\n]*)?\r?\n)*([a-z]+):[ \t]+([A-Za-z_][\w.-]*)[ \t]*(?:[ \t]#[^\n]*)?(?:\r?\n|$)/;

/** A line at the first column that can stand in a block map: a key, an item of a list, a comment. */
const OUTER_LINE = /^(?:([A-Za-z_][\w-]*):(?=\s|$)|- |#)/;

/**
 * The kind and the name of a document that begins with them, told by its lines alone: of most neighbours of a file that is all that is
 * ever asked. `undefined` where only reading the YAML can tell, which is whenever the text is anything but plain. In a document
 * with mistakes it is what that line says, whatever else becomes of it.
 */
export function readHeader(source: string): { kind: Kind; name: string } | undefined {
  const first = FIRST_LINE.exec(source);
  const name = first?.[2];
  if (!first || name === undefined || /^(?:null|true|false)$/i.test(name) || ODD_BREAK.test(source)) return;
  const words: string[] = [];
  for (const [line] of source.slice(first[0].length).matchAll(/^[^\n]+/gm)) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    // What is indented below the name goes on with it.
    if (words.length === 0 && /^\s/.test(line)) return undefined;
    if (!closesAll(line)) return undefined;
    if (/^ /.test(line)) continue;
    const outer = OUTER_LINE.exec(line);
    // A list below the name is a mistake.
    if (!outer || (words.length === 0 && outer[1] === undefined)) return undefined;
    words.push(outer[1] ?? '');
  }
  const word = first[1] ?? '';
  const [kind] = tellingWords([word, ...words]);
  return kind !== undefined && kind === word && !words.includes(word) ? { kind, name } : undefined;
}

/** Whether the brackets that a line opens are closed on it: what goes over lines may swallow the document. */
function closesAll(line: string): boolean {
  let depth = 0;
  for (const [token] of line.matchAll(/[[\]{}]|"[^"]*"|'[^']*'/g)) {
    if (token === '[' || token === '{') depth++;
    if ((token === ']' || token === '}') && --depth < 0) return false;
  }
  return depth === 0;
}
