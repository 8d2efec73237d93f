import { newlineOf } from '../edit.ts';
import { rootMap } from '../node.ts';
import type { Entry, TuneDocument, TuneFile } from '../tree.ts';

/** The text of a file in which every document begins with the field that says what it is; comments above it go with it. */
export function kindFirst(file: TuneFile): string {
  let { text } = file;
  // From the last document to the first, so that the offsets of the others stay true.
  for (const document of [...file.documents].reverse()) text = withHeaderFirst(text, document);
  return text;
}

function withHeaderFirst(text: string, document: TuneDocument): string {
  const map = rootMap(document);
  const first = map?.entries.find((entry) => !entry.merged);
  const { header, file } = document;
  if (!map || map.flow || !first || !header || header.merged || header === first) return text;
  if (first.key.start > header.key.start || !isOnOwnLines(file, first) || !isOnOwnLines(file, header))
    return text;
  const start = withComments(file, lineStart(file, header.key.start), document.start);
  const end = lineEnd(file, header.end);
  const to = lineStart(file, first.key.start);
  const newline = newlineOf(file);
  const moved = text.slice(start, end);
  const ended = /[\r\n]$/.test(moved) ? moved : `${moved}${newline}`;
  return text.slice(0, to) + ended + text.slice(to, start) + text.slice(end);
}

/** Whether nothing but spaces stands in front of an entry, and nothing but a comment behind it. */
function isOnOwnLines({ text, ...file }: TuneFile, { key, end }: Entry): boolean {
  const before = text.slice(lineStart({ text, ...file }, key.start), key.start);
  return before.trim() === '' && /^[ \t]*(#[^\r\n]*)?(\r\n|\r|\n|$)/.test(text.slice(end));
}

/** Where the comment lines begin that stand right above a line; the line itself where there are none. */
function withComments(file: TuneFile, line: number, floor: number): number {
  let start = line;
  while (start > floor) {
    const above = lineStart(file, start - 1);
    if (above < floor || !/^[ \t]*#/.test(file.text.slice(above, start))) break;
    start = above;
  }
  return start;
}

function lineStart(file: TuneFile, offset: number): number {
  return file.lines.start(file.lines.line(offset));
}

/** Behind the line break of the line. */
function lineEnd(file: TuneFile, offset: number): number {
  return file.lines.start(file.lines.line(offset) + 1);
}
