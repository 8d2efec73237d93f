import { splitWords, stripRight } from './python-text.ts';

/**
 * The words of a line as BLEU counts them: sacrebleu's tokenizer `13a`, which is that of mteval-v13a.pl. Trailing whitespace is taken
 * away first, as sacrebleu's BLEU does.
 */
export function tokenize13a(line: string): string[] {
  const plain = stripRight(line)
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  const parted = ` ${plain} `
    .replace(/([{-~[-` -&(-+:-@/])/gu, ' $1 ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/gu, '$1 $2 ');
  return splitWords(parted);
}
