/** A document of a YAML stream as a piece of its text. */
export interface Slice {
  start: number;
  end: number;
}

/**
 * Cuts a stream at its `---` lines, each of which begins a document, and behind its `...` lines, which end one. Either
 * does so in the first column whatever surrounds it, so a mistake in one document never reaches the next. Directives
 * (`%YAML`) belong to what follows them.
 */
export function sliceDocuments(text: string): Slice[] {
  const cuts = [0];
  let last = 0;
  for (const match of text.matchAll(/^(---|\.\.\.)(?=[ \t\r\n]|$)[^\n]*\n?/gm)) {
    const begins = match[1] === '---';
    const cut = begins ? match.index : match.index + match[0].length;
    // What stands before a `---` and has no content (a comment, a directive) is part of the document that it begins.
    if (begins && !hasContent(text.slice(last, cut))) continue;
    if (cut > 0 && cut < text.length) cuts.push(cut);
    last = cut;
  }
  return cuts.map((start, index) => ({ start, end: cuts[index + 1] ?? text.length }));
}

/** Whether there is anything but blank lines, comments, directives and document marks. */
function hasContent(text: string): boolean {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .some((line) => !/^\s*(#|$)|^%|^\.\.\.(\s|$)/.test(line));
}
