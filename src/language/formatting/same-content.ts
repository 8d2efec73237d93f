import { Parser } from 'yaml';
import { parse } from '../parse.ts';
import type { Node, TuneFile } from '../tree.ts';

/** Whether two texts hold the same documents with the same data, comments, anchors and tags. */
export function isSameContent(before: TuneFile, text: string): boolean {
  const after = parse(before.path, text);
  return (
    after.syntax.length === 0 &&
    contentOf(before) === contentOf(after) &&
    marksOf(before.text).join('\n') === marksOf(text).join('\n')
  );
}

/** The data of all documents as one string; the order of fields means nothing. */
function contentOf(file: TuneFile): string {
  return JSON.stringify(file.documents.map(({ kind, root }) => [kind, root && dataOf(root)]));
}

function dataOf(node: Node): unknown {
  if (node.type === 'seq') return node.items.map(dataOf);
  if (node.type === 'map') {
    const entries = node.entries.map(({ name, value }) => [name, dataOf(value)] as const);
    return { map: entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) };
  }
  // JSON has neither -0 nor NaN.
  return `${typeof node.value} ${Object.is(node.value, -0) ? '-0' : String(node.value)}`;
}

const MARKS = new Set(['comment', 'anchor', 'alias', 'tag']);

/** Everything in a text that is no data and must not get lost, sorted: the kind word may have moved. */
function marksOf(text: string): string[] {
  const found: string[] = [];
  const open: unknown[] = [...new Parser().parse(text)];
  for (let token; (token = open.pop()) !== undefined;) {
    if (typeof token !== 'object' || token === null) continue;
    if ('type' in token && 'source' in token && MARKS.has(String(token.type)))
      found.push(String(token.source).trim());
    for (const each of Object.values(token)) {
      if (Array.isArray(each)) for (const item of each) open.push(item);
      else if (typeof each === 'object' && each !== null) open.push(each);
    }
  }
  return found.sort();
}
