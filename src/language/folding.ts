import { MAX_FILE_LENGTH } from './parse.ts';
import type { Node, TuneFile } from './tree.ts';

/** Lines that can be folded away: all after `startLine` up to `endLine`, which count from 1. */
export interface Fold {
  startLine: number;
  endLine: number;
  kind?: 'comment';
}

/** What can be folded in a file: documents, fields over several lines, and blocks of comments. */
export function findFolds(file: TuneFile): Fold[] {
  if (file.text.length > MAX_FILE_LENGTH) return [];
  const folds = new Map<number, Fold>();
  const texts: { start: number; end: number }[] = [];
  const add = (start: number, end: number) => {
    const [startLine, endLine] = [file.lines.line(start), file.lines.line(end)];
    // Of several that begin on a line the editor shows one: the outermost.
    if (endLine > startLine && !folds.has(startLine)) folds.set(startLine, { startLine, endLine });
  };
  const visit = (node: Node) => {
    if (node.type === 'scalar') texts.push(node);
    if (node.type === 'seq') {
      for (const item of node.items) {
        if (item.start < node.start || item.end > node.end) continue;
        if (!node.flow) add(item.start, item.end);
        visit(item);
      }
    }
    if (node.type !== 'map') return;
    for (const entry of node.entries) {
      if (entry.merged || entry.value.start < entry.key.start || entry.value.start > entry.end) continue;
      add(entry.key.start, entry.end);
      visit(entry.value);
    }
  };
  for (const { root, header, start, end } of file.documents) {
    if (!root) continue;
    const last = start + file.text.slice(start, end).trimEnd().length;
    add(Math.min(header?.key.start ?? root.start, root.start), last);
    visit(root);
  }
  return [...folds.values(), ...commentFolds(file, texts)].sort((a, b) => a.startLine - b.startLine);
}

/** Lines of comments that follow one another; what looks like one inside of a text is none. */
function commentFolds(file: TuneFile, texts: readonly { start: number; end: number }[]): Fold[] {
  const inText = new Set<number>();
  for (const { start, end } of texts) {
    for (let line = file.lines.line(start) + 1; line <= file.lines.line(end); line++) inText.add(line);
  }
  const folds: Fold[] = [];
  let first: number | undefined;
  for (let line = 1; line <= file.lines.lineCount + 1; line++) {
    const text = file.text.slice(file.lines.start(line), file.lines.start(line + 1));
    if (line <= file.lines.lineCount && /^[ \t]*#/.test(text) && !inText.has(line)) first ??= line;
    else if (first !== undefined) {
      if (line - 1 > first) folds.push({ startLine: first, endLine: line - 1, kind: 'comment' });
      first = undefined;
    }
  }
  return folds;
}
