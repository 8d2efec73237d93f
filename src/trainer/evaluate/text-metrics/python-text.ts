/** Texts as Python sees them: the reference libraries are written in it, and JavaScript's whitespace and word boundaries are others. */

/** What `str.isspace` is true of; JavaScript's `\s` lacks U+001C to U+001F and U+0085, and has U+FEFF. */
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const SPACES = new RegExp(`[${SPACE}]+`, 'u');
const TRAILING_SPACES = new RegExp(`[${SPACE}]+$`, 'u');

/** `text.split()`: the pieces between runs of whitespace, none of them empty. */
export function splitWords(text: string): string[] {
  return text.split(SPACES).filter((word) => word !== '');
}

/** `text.rstrip()`. */
export function stripRight(text: string): string {
  return text.replace(TRAILING_SPACES, '');
}

/** `string.punctuation`: the 32 punctuation characters of ASCII. */
export const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
