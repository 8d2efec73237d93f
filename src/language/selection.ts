import type { Span } from './syntax.ts';
import type { Node, TuneFile } from './tree.ts';

/** The stretches of text around an offset, from the smallest to the whole file: each holds the one before it. */
export function findSelections(file: TuneFile, offset: number): Span[] {
  const spans: Span[] = [{ start: 0, end: file.text.length }];
  const document = file.documents.findLast(({ start, end }) => start <= offset && offset <= end);
  if (document) {
    spans.push({ start: document.start, end: document.end });
    const end = document.start + file.text.slice(document.start, document.end).trimEnd().length;
    spans.push({ start: document.start, end });
    if (document.root) descend(document.root, offset, spans);
  }
  const grown: Span[] = [];
  for (const span of spans.reverse().filter((each) => holds(each, offset))) {
    const inner = grown.at(-1);
    const isLarger = !inner || span.start < inner.start || span.end > inner.end;
    // In a file that was read in spite of its mistakes a field may reach beyond what holds it.
    if (isLarger && (!inner || (span.start <= inner.start && inner.end <= span.end))) grown.push(span);
  }
  return grown;
}

/** Adds what surrounds the offset, from the outside to the inside. */
function descend(node: Node, offset: number, spans: Span[]): void {
  if (!holds(node, offset) || node.start === node.end) return;
  spans.push({ start: node.start, end: node.end });
  const { text } = node.document.file;
  const isQuoted = node.type === 'scalar' && /^["']/.test(text.charAt(node.start));
  const inner = { start: node.start + 1, end: node.end - 1 };
  if ((isQuoted || (node.type !== 'scalar' && node.flow)) && holds(inner, offset)) spans.push(inner);
  if (node.type === 'seq') {
    for (const item of node.items) descend(item, offset, spans);
  }
  if (node.type !== 'map') return;
  for (const { key, value, end, merged } of node.entries) {
    if (merged || !holds({ start: key.start, end }, offset)) continue;
    spans.push({ start: key.start, end });
    if (holds(key, offset)) spans.push({ start: key.start, end: key.end });
    else if (value.start >= key.end && value.end <= end) descend(value, offset, spans);
    return;
  }
}

function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
