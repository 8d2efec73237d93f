/** A table of GitHub's Markdown. A column whose title ends in `:` is flush right. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const right = titles.map((title) => title.endsWith(':'));
  const head = titles.map((title, index) => (right[index] ? title.slice(0, -1) : title));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(right.map((each) => (each ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

/** A text of somebody else's as plain words on one line of Markdown. */
export function plainMarkdown(text: string, longest = 200): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const cut = line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
  return cut.replace(/[\\`*[\]<>|&~#$]|(?<!\w)_|_(?!\w)/g, '\\$&');
}

/** A bar of blocks, `share` of `width` characters long; the least that is not nothing is one eighth. */
export function bar(share: number, width = 24): string {
  const eighths = share <= 0 ? 0 : Math.max(1, Math.round(share * width * 8));
  const rest = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? '';
  return '█'.repeat(Math.floor(eighths / 8)) + rest;
}
