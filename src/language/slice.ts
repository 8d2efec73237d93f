/** A document of a YAML stream as a piece of its text. */
export interface Slice {
  start: number;
  end: number;
}

/**
 * Cuts a stream at its `---` lines, each of which begins a document. A `---` in the first column ends a document
 * whatever surrounds it, so a mistake in one never reaches the next. Directives (`%YAML`) belong to what follows them.
 */
export function sliceDocuments(text: string): Slice[] {
  const cuts: number[] = [];
  for (const match of text.matchAll(/^---(?=[ \t\r\n]|$)/gm)) cuts.push(match.index);
  const first = cuts[0];
  if (first !== undefined && !hasContent(text.slice(0, first))) cuts.shift();
  const starts = [0, ...cuts.filter((cut) => cut > 0)];
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? text.length }));
}

/** Whether there is anything but blank lines, comments and directives. */
function hasContent(text: string): boolean {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .some((line) => !/^\s*(#|$)|^%/.test(line));
}
