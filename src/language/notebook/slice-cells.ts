import { sliceDocuments, type Slice } from '../slice.ts';
import type { Notebook } from './notebook.ts';

/** The documents of a notebook's cells as pieces of the whole text. */
export function sliceCells({ text, cells }: Notebook): Slice[] {
  return cells.flatMap(({ content }) =>
    sliceDocuments(text.slice(content.start, content.end)).map(({ start, end }) => ({
      start: content.start + start,
      end: content.start + end,
    })),
  );
}
