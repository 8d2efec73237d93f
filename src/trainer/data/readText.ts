import { readLineBlocks } from './lines.ts';
import type { ReadOptions, SourceRow } from './row.ts';

/** A plain text file, with the column `text`: a row is a line, a paragraph or the whole file; blank ones are left out. */
export function readText(file: string, options: ReadOptions): AsyncGenerator<SourceRow> {
  return options.sample_by === undefined || options.sample_by === 'line'
    ? readTextLines(file, options)
    : readTextBlocks(file, options, options.sample_by);
}

/** Paragraphs stand between blank lines. The line ends within a row are kept as `\n`. */
async function* readTextBlocks(
  file: string,
  options: ReadOptions,
  sampleBy: 'paragraph' | 'document',
): AsyncGenerator<SourceRow> {
  options.onColumns?.(file, ['text']);
  let lines: string[] = [];
  let first = 1;
  const row = (): SourceRow => ({ values: { text: lines.join('\n') }, file, line: first });
  for await (const { text, line, bytes } of readLineBlocks(file, options.signal)) {
    options.onBytes?.(file, bytes);
    let number = line;
    const contents = text.split('\n');
    // A block ends with the end of a line.
    if (contents.at(-1) === '') contents.pop();
    for (const content of contents) {
      const trimmed = content.endsWith('\r') ? content.slice(0, -1) : content;
      if (sampleBy === 'paragraph' && trimmed.trim() === '') {
        if (lines.length > 0) yield row();
        lines = [];
      } else {
        if (lines.length === 0) first = number;
        lines.push(trimmed);
      }
      number++;
    }
  }
  if (lines.some((line) => line.trim() !== '')) yield row();
}

async function* readTextLines(file: string, options: ReadOptions): AsyncGenerator<SourceRow> {
  options.onColumns?.(file, ['text']);
  for await (const { text, line, bytes } of readLineBlocks(file, options.signal)) {
    options.onBytes?.(file, bytes);
    let number = line;
    for (const content of text.split('\n')) {
      const trimmed = content.endsWith('\r') ? content.slice(0, -1) : content;
      if (trimmed.trim() !== '') yield { values: { text: trimmed }, file, line: number };
      number++;
    }
  }
}
