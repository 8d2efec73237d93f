import type { YAMLParseError } from 'yaml';
import type { SyntaxProblem, TextEdit } from './tree.ts';

/** A stretch of text, by offsets in the file. */
export interface Span {
  start: number;
  end: number;
}

/**
 * A YAML error in words that say what to do. `at` is the error's place in the file, `line` the line to look at: the one
 * that, taken away, lets the rest be read.
 */
export function explainSyntax(error: YAMLParseError, text: string, at: Span, line: Span): SyntaxProblem {
  const here = text.slice(at.start, at.end);
  const code: string = error.code;
  switch (code) {
    case 'TAB_AS_INDENT':
      return tabs(text, at);
    case 'MISSING_CHAR':
      return missingCharacter(error, text, at, line);
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return brokenLine(text, line);
    case 'BAD_INDENT':
      if (/Flow (map|sequence)/.test(error.message)) return unclosed(error, text, line);
      return {
        ...line,
        message: 'This line is not indented like its neighbours. Fields of one map start in the same column.',
      };
    case 'BAD_SCALAR_START':
      return {
        ...at,
        message: `A value cannot start with ${here === '`' ? 'a backtick' : `\`${here}\``}. Put it in quotes.`,
      };
    case 'BAD_DQ_ESCAPE':
      return {
        start: at.start,
        end: at.start + 2,
        message: `\`${text.slice(at.start, at.start + 2)}\` is no escape in double quotes. Write \`\\\\\` for a backslash, or use single quotes.`,
      };
    case 'UNEXPECTED_TOKEN':
      return unexpected(error, text, at, line);
    case 'BLOCK_IN_FLOW':
      return missingComma(text, at, line);
    default:
      if (/call stack/i.test(error.message)) return { ...line, message: TOO_DEEP };
      return { ...line, message: `This is not valid YAML: ${lowerFirst(error.message)}.` };
  }
}

export const TOO_DEEP = 'This document is nested too deeply to be read. A config is a few levels deep.';

function unexpected(error: YAMLParseError, text: string, at: Span, line: Span): SyntaxProblem {
  const here = text.slice(at.start, at.end);
  if (/^[}\],]$/.test(here)) {
    return {
      ...at,
      message:
        here === ','
          ? 'There is one comma too many. Remove it.'
          : `\`${here}\` closes nothing here. Remove it.`,
      fix: { title: `Remove ${here}`, edits: [{ ...at, newText: '' }] },
    };
  }
  if (/^Block scalar header/.test(error.message)) {
    const message = 'Nothing may follow `|` or `>` on its line. The text starts on the next one, indented.';
    return { ...line, message };
  }
  if (/at node end$/.test(error.message) && /["'][ \t]*$/.test(text.slice(line.start, at.start))) {
    return {
      ...line,
      message: 'Something follows the closing quote. Put it inside the quotes, or remove it.',
    };
  }
  return brokenLine(text, line);
}

/** `{ seed: 1 epochs: 2 }` is read as one field whose value is a map. */
function missingComma(text: string, at: Span, line: Span): SyntaxProblem {
  const value = /^[^\s,]+(?=[ \t]+[\w-]+:)/.exec(text.slice(at.start, at.end))?.[0];
  const end = at.start + (value?.length ?? 0);
  return {
    ...line,
    message: 'A comma is missing between two fields in these brackets. Add it.',
    ...(value !== undefined && {
      fix: { title: 'Add the comma', edits: [{ start: end, end, newText: ',' }] },
    }),
  };
}

/** Tabs in the indentation of this line and those that follow it: one problem, one fix for all. */
function tabs(text: string, at: Span): SyntaxProblem {
  const first = text.lastIndexOf('\n', at.start - 1) + 1;
  const edits: TextEdit[] = [];
  for (const match of text.slice(first).matchAll(/^(---[ \t\r\n])|^([ ]*\t[ \t]*)/gm)) {
    if (match[1] !== undefined && match.index > 0) break;
    const indentation = match[2];
    if (indentation === undefined) continue;
    const start = first + match.index;
    edits.push({ start, end: start + indentation.length, newText: indentation.replaceAll('\t', '  ') });
  }
  const place = edits[0] ?? at;
  return {
    start: place.start,
    end: place.end,
    message: 'A tab stands in the indentation; YAML takes spaces only. Indent with two spaces.',
    ...(edits.length > 0 && { fix: { title: 'Indent with spaces', edits } }),
  };
}

function missingCharacter(error: YAMLParseError, text: string, at: Span, line: Span): SyntaxProblem {
  const quote = /closing (["'])/.exec(error.message)?.[1];
  if (quote) return { ...line, message: `The closing ${quote} of this text is missing. Add it.` };
  if (error.message.startsWith('Comments')) {
    return {
      start: at.start,
      end: at.start + 1,
      message: 'A comment needs a space in front of its `#`.',
      fix: { title: 'Add the space', edits: [{ start: at.start, end: at.start, newText: ' ' }] },
    };
  }
  if (!error.message.includes('followed by map values')) {
    return { ...line, message: `This is not valid YAML: ${lowerFirst(error.message)}.` };
  }
  const key = text.slice(at.start, at.end);
  if (/\s/.test(key)) return brokenLine(text, line);
  return {
    ...at,
    message: `A colon is missing after \`${key}\`: every line of a map is \`field: value\`.`,
    fix: { title: 'Add the colon', edits: [{ start: at.end, end: at.end, newText: ':' }] },
  };
}

function unclosed(error: YAMLParseError, text: string, line: Span): SyntaxProblem {
  const bracket = error.message.includes('Flow map') ? '}' : ']';
  const opener = bracket === '}' ? '{' : '[';
  const content = text.slice(line.start, line.end);
  const ends = line.start + content.replace(/\s+#.*$/, '').trimEnd().length;
  return {
    ...line,
    message: `The \`${bracket}\` that closes this is missing. Add it.`,
    ...(content.includes(opener) && {
      fix: {
        title: `Add ${bracket}`,
        edits: [{ start: ends, end: ends, newText: bracket === '}' ? ' }' : ']' }],
      },
    }),
  };
}

/** A line that is no `field: value`: a missing colon or space, or one colon too many. */
function brokenLine(text: string, line: Span): SyntaxProblem {
  const content = text.slice(line.start, line.end);
  const insert = (title: string, at: number, newText: string) => ({
    title,
    edits: [{ start: at, end: at, newText }],
  });
  const spaced = /^([A-Za-z_][\w-]*)(?:[ \t]+[^\s:#][^:#]*)?$/.exec(content)?.[1];
  if (spaced !== undefined) {
    return {
      ...line,
      message: `A colon is missing after \`${spaced}\`: every line of a map is \`field: value\`.`,
      fix: insert('Add the colon', line.start + spaced.length, ':'),
    };
  }
  const glued = /^([A-Za-z_][\w-]*):[^\s]/.exec(content)?.[1];
  if (glued !== undefined) {
    const message = `A space is missing after \`${glued}:\`.`;
    return { ...line, message, fix: insert('Add the space', line.start + glued.length + 1, ' ') };
  }
  const twice = /^[A-Za-z_][\w-]*:[ \t]+([^{[].*:[ \t].*)$/.exec(content)?.[1];
  if (twice !== undefined && !/["']/.test(twice)) {
    return {
      ...line,
      message:
        'Two colons stand on one line. Put a value that contains a colon in quotes, or start a new line for a nested field.',
      fix: {
        title: 'Put the value in quotes',
        edits: [{ start: line.end - twice.length, end: line.end, newText: JSON.stringify(twice) }],
      },
    };
  }
  return {
    ...line,
    message:
      'This line does not fit its neighbours. A line of a map is `field: value`, and fields of one map start in the same column.',
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
