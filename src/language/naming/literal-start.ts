import type { ScalarNode } from '../tree.ts';

/**
 * Where the text of a scalar begins in the file, behind its quote; `undefined` where escapes or line breaks keep it from
 * standing there letter by letter.
 */
export function literalStart(node: ScalarNode, text: string): number | undefined {
  const written = node.document.file.text.slice(node.start, node.end);
  const quote = /^["']/.test(written) ? 1 : 0;
  return written.slice(quote, written.length - quote) === text ? node.start + quote : undefined;
}
