/** Characters that a row of a quick pick shows before it cuts them off: it is 600 pixels wide at most. */
const WIDTH = 80;

/**
 * A sentence as descriptions of rows of a quick pick, which never breaks a line itself: each row as full as it gets, the first with an
 * icon, the others as far in.
 * @param icon the name of a codicon
 */
export function sentenceRows(icon: string, sentence: string): string[] {
  return fold(sentence).map((line, i) => `$(${i === 0 ? icon : 'blank'}) ${line}`);
}

/** Breaks between words; a word that is wider than a row, such as a path, is broken behind a slash where it has one. */
function fold(sentence: string): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of sentence.split(/\s+/)) {
    const longer = row === '' ? word : `${row} ${word}`;
    if (longer.length <= WIDTH) {
      row = longer;
      continue;
    }
    if (row !== '') rows.push(row);
    row = word;
    while (row.length > WIDTH) {
      const slash = row.lastIndexOf('/', WIDTH - 1) + 1;
      const end = slash > 0 ? slash : WIDTH;
      rows.push(row.slice(0, end));
      row = row.slice(end);
    }
  }
  return [...rows, row];
}
