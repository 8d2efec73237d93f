import type { Document, YAMLParseError } from 'yaml';
import type { Span } from './syntax.ts';

/** A text of the same length that reads with fewer errors, and the line that was changed for it. */
export interface Repair {
  source: string;
  document: Document.Parsed | undefined;
  line: Span;
}

type Read = (source: string) => Document.Parsed | undefined;

/** Takes away the line whose absence leaves the fewest errors, among those that the error touches. */
export function findRepair(
  source: string,
  document: Document.Parsed,
  error: YAMLParseError,
  read: Read,
): Repair | undefined {
  if (error.code === 'TAB_AS_INDENT') {
    const repaired = source.replace(/^[ \t]*\t[ \t]*/gm, (indentation) => ' '.repeat(indentation.length));
    const reread = read(repaired);
    if (reread && reread.errors.length < document.errors.length) {
      return { source: repaired, document: reread, line: lineAt(source, error.pos[0]) };
    }
  }
  let best: (Repair & { errors: number }) | undefined;
  for (const line of suspects(source, error)) {
    const blank = source.slice(line.start, line.end).replace(/[^\r\n]/g, ' ');
    const attempt = source.slice(0, line.start) + blank + source.slice(line.end);
    const reread = read(attempt);
    const errors = reread?.errors.length ?? 0;
    if (errors < (best?.errors ?? document.errors.length))
      best = { source: attempt, document: reread, line, errors };
    if (errors === 0) break;
  }
  return best;
}

/** Lines to try, the most likely first. */
function suspects(source: string, error: YAMLParseError): Span[] {
  const at = Math.min(error.pos[0], source.length);
  const here = lineAt(source, at);
  const next = lineAt(source, Math.min(here.end + 1, source.length));
  const lines = [here, lineAt(source, Math.max(at, Math.min(error.pos[1], source.length) - 1)), next];
  const twoColons = /:[ \t].*:([ \t]|$)/.test(source.slice(here.start, here.end));
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' && !twoColons) lines.unshift(next);
  const opener = /closing|Flow/.test(error.message) ? lastOpener(source, at) : undefined;
  if (opener !== undefined) lines.unshift(lineAt(source, opener));
  for (let line = here, steps = 0; line.start > 0 && steps < 3; steps++) {
    line = lineAt(source, line.start - 1);
    lines.push(line);
  }
  return lines.filter((line, index) => {
    const content = source.slice(line.start, line.end);
    const repeated = lines.findIndex((each) => each.start === line.start) < index;
    return content.trim() !== '' && !/^---([ \t\r]|$)/.test(content) && !repeated;
  });
}

/** Where the last line before `at` starts that opens a quote or a bracket and does not close it. */
export function lastOpener(source: string, at: number): number | undefined {
  for (let end = at; end > 0;) {
    const line = lineAt(source, end - 1);
    const content = source.slice(line.start, line.end).replace(/(^|\s)#.*$/, '');
    const count = (pattern: RegExp) => content.match(pattern)?.length ?? 0;
    if (count(/[[{]/g) > count(/[\]}]/g) || count(/"/g) % 2 === 1 || count(/'/g) % 2 === 1) return line.start;
    end = line.start;
  }
  return undefined;
}

/** The line around an offset, without its line break. */
export function lineAt(source: string, offset: number): Span {
  // A search from -1 would find a line break at 0.
  const start = offset > 0 ? source.lastIndexOf('\n', offset - 1) + 1 : 0;
  const next = source.indexOf('\n', Math.max(offset, start));
  return { start, end: next < 0 ? source.length : next };
}
