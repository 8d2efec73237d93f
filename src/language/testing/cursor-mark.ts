/** A text whose first `|` marks the cursor, without the mark. */
export function atCursor(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('|');
  if (offset < 0) throw new Error(`No | marks the cursor in:\n${marked}`);
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}
