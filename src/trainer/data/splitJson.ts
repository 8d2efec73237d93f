import type { LineBlock } from './lines.ts';
import { dataError } from './problem.ts';

/** The text of one element, and the line it begins on. */
export interface JsonElement {
  text: string;
  line: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Cuts JSON into the elements of its array, or into the values that stand one after another, without parsing them.
 * Brackets inside strings do not count.
 * @throws TunebookError `data/bad-json` when the text ends inside an element or an array, or holds something between elements
 */
export async function* splitJson(
  file: string,
  blocks: AsyncIterable<LineBlock>,
): AsyncGenerator<JsonElement> {
  let inArray = false;
  let seen = false;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let parts: string[] = [];
  let elementLine = 1;
  let line = 1;
  for await (const block of blocks) {
    const { text } = block;
    line = block.line;
    let start = depth > 0 || inString ? 0 : -1;
    for (let i = 0; i < text.length; i++) {
      const char = text.charCodeAt(i);
      if (char === 0x0a) line++;
      if (inString) {
        if (escaped) escaped = false;
        else if (char === BACKSLASH) escaped = true;
        else if (char === QUOTE) inString = false;
      } else if (char === QUOTE && depth > 0) {
        inString = true;
      } else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
        if (depth === 0 && !seen && char === OPEN_BRACKET) {
          inArray = seen = true;
          continue;
        }
        if (depth++ === 0) {
          start = i;
          elementLine = line;
          seen = true;
        }
      } else if ((char === CLOSE_BRACE || char === CLOSE_BRACKET) && depth > 0) {
        if (--depth > 0) continue;
        parts.push(text.slice(start, i + 1));
        yield { text: parts.length === 1 ? parts[0]! : parts.join(''), line: elementLine };
        parts = [];
        start = -1;
      } else if (depth === 0 && char === CLOSE_BRACKET && inArray) {
        inArray = false;
      } else if (depth === 0 && char > 0x20 && !(char === COMMA && inArray)) {
        throw stray(file, line, text, i);
      }
    }
    if (start >= 0) parts.push(text.slice(start));
  }
  if (depth > 0 || inArray) throw unfinished(file, depth > 0 ? elementLine : line, depth > 0);
}

function stray(file: string, line: number, text: string, at: number) {
  const location = { file, line, column: at - text.lastIndexOf('\n', at) };
  const found = JSON.stringify(/^\S{1,20}/.exec(text.slice(at))?.[0] ?? '');
  const message = `${file} has ${found} at line ${line}, column ${location.column}, where a row (an object) should stand.`;
  return dataError(
    'data/bad-json',
    message,
    location,
    'A .json file holds an array of objects: [{"text": "…"}, …].',
  );
}

function unfinished(file: string, line: number, inElement: boolean) {
  const what = inElement ? `the row that begins at line ${line} is not closed` : 'its array is not closed';
  return dataError(
    'data/bad-json',
    `${file} ends too early: ${what}.`,
    { file, line },
    'Fetch or write the file again.',
  );
}
