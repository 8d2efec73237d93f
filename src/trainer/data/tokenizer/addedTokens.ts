import { isObject } from './json.ts';

/** A piece of text between added tokens, or one of them. */
export type Section = { text: string } | { id: number };

interface AddedToken {
  id: number;
  content: string;
  single_word: boolean;
  lstrip: boolean;
  rstrip: boolean;
}

/** Cuts a text at the added tokens that stand in it. */
export type Splitter = (text: string) => Section[];

/**
 * The splitters for the `added_tokens` of tokenizer.json: one for the raw text, one for the normalized text, as each token's
 * `normalized` says.
 * @param normalize the tokenizer's normalizer: a normalized token is looked for in its normalized form
 */
export function makeSplitters(
  tokens: unknown,
  normalize: ((text: string) => string) | undefined,
): { raw: Splitter; normalized: Splitter } {
  const raw: AddedToken[] = [];
  const normalized: AddedToken[] = [];
  for (const entry of Array.isArray(tokens) ? tokens : []) {
    if (!isObject(entry) || typeof entry.id !== 'number' || typeof entry.content !== 'string') continue;
    const token = {
      id: entry.id,
      content: entry.content,
      single_word: entry.single_word === true,
      lstrip: entry.lstrip === true,
      rstrip: entry.rstrip === true,
    };
    if (entry.content === '') continue;
    const late = (entry.normalized ?? entry.special !== true) === true && normalize !== undefined;
    if (late) normalized.push({ ...token, content: normalize(token.content) });
    else raw.push(token);
  }
  return { raw: makeSplitter(raw), normalized: makeSplitter(normalized) };
}

function makeSplitter(tokens: AddedToken[]): Splitter {
  if (tokens.length === 0) return (text) => (text === '' ? [] : [{ text }]);
  const byContent = new Map(tokens.map((token) => [token.content, token]));
  // The longest token that begins at a place wins.
  const contents = [...byContent.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(contents.map(escape).join('|'), 'g');
  return (text) => {
    const sections: Section[] = [];
    let start = 0;
    for (const match of text.matchAll(pattern)) {
      const token = byContent.get(match[0]);
      const end = match.index + match[0].length;
      if (!token || (token.single_word && insideWord(text, match.index, end))) continue;
      const before = text.slice(start, match.index);
      const kept = token.lstrip ? before.trimEnd() : before;
      if (kept !== '') sections.push({ text: kept });
      sections.push({ id: token.id });
      start = end;
      if (token.rstrip) start += text.length - end - text.slice(end).trimStart().length;
    }
    if (start < text.length) sections.push({ text: text.slice(start) });
    return sections;
  };
}

function insideWord(text: string, start: number, end: number): boolean {
  const word = /[\p{L}\p{N}_]/u;
  return word.test(text[start - 1] ?? ' ') || word.test(text[end] ?? ' ');
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
