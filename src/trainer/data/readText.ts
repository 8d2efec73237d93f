import { readLineBlocks } from './lines.ts';
import type { ReadOptions, SourceRow } from './row.ts';

/** A plain text file: each line that is not blank is a row with the column `text`. */
export async function* readTextLines(file: string, options: ReadOptions): AsyncGenerator<SourceRow> {
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
