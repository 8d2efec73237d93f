/** Characters between two columns. */
const GAP = 2;

/**
 * Sets columns beside each other: the first flush left, the others by the end of their cells up to an opening bracket, so that
 * `91.0 % (87.2 to 93.7)` stands under `5.3 % (3.1 to 8.9)` with its `%` in line.
 *
 * @param columns one list of cells per column, header first, all of one length
 * @returns the lines, without spaces at their ends, and the length of the longest
 */
export function alignColumns(columns: readonly (readonly string[])[]): { text: string; width: number } {
  const padded = columns.map((cells, index) => (index === 0 ? padEnds(cells) : alignBrackets(cells)));
  const rows = columns[0]?.map((_, row) => padded.map((cells) => cells[row] ?? '').join(' '.repeat(GAP)));
  const lines = (rows ?? []).map((line) => line.trimEnd());
  return { text: lines.join('\n'), width: Math.max(0, ...lines.map((line) => line.length)) };
}

function padEnds(cells: readonly string[]): string[] {
  const width = Math.max(...cells.map((cell) => cell.length));
  return cells.map((cell) => cell.padEnd(width));
}

/** Flush right before the bracket, flush left from it on, below a header that is flush left. */
function alignBrackets([header = '', ...cells]: readonly string[]): string[] {
  const parts = cells.map((cell) => {
    const bracket = cell.indexOf(' (');
    return bracket < 0 ? [cell, ''] : [cell.slice(0, bracket), cell.slice(bracket)];
  });
  const width = Math.max(0, ...parts.map(([head = '']) => head.length));
  return padEnds([header, ...parts.map(([head = '', tail = '']) => head.padStart(width) + tail)]);
}

/** A name of at most `width` characters: of a longer one the middle gives way, for names differ at their ends. */
export function shorten(name: string, width: number): string {
  if (name.length <= width) return name;
  const start = Math.ceil((width - 1) / 2);
  return `${name.slice(0, start)}…${name.slice(name.length - (width - 1 - start))}`;
}

/** Breaks a sentence at spaces into lines of at most `width` characters; a longer word keeps its line. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
