import type { CheckDiagnostic } from '../../protocol/check.ts';
import type { Style } from './style.ts';

/** Columns of a source line that are shown. */
const WIDTH = 96;
/** Characters that take no column: combining marks, joiners, variation selectors. */
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** Characters that take two columns: East Asian ones and emoji. */
const DOUBLE_WIDTH =
  /^(\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60])$/u;

/**
 * A source line with its number, and a mark below the part that a diagnostic is about. A long line is cut around that
 * part; what a terminal would obey is made visible instead.
 * @param text the line, without its line break
 */
export function underline(
  text: string,
  { line, column, endLine, endColumn }: Pick<CheckDiagnostic, 'line' | 'column' | 'endLine' | 'endColumn'>,
  style: Style,
): string[] {
  const start = Math.min(column - 1, text.length);
  const end = Math.max(start + 1, endLine > line ? text.length : Math.min(endColumn - 1, text.length));
  const from = start > WIDTH / 2 && text.length > WIDTH ? start - WIDTH / 4 : 0;
  const to = Math.min(text.length, from + WIDTH);
  const head = from > 0 ? '…' : '';
  const shown = head + visible(text.slice(from, to)) + (to < text.length ? '…' : '');
  const before = columns(head + text.slice(from, start));
  const marked = Math.max(1, columns(text.slice(start, Math.min(end, to))));
  const number = String(line).padStart(5);
  const bar = style.dim('|');
  return [
    `${style.dim(number)} ${bar} ${shown}`,
    `${' '.repeat(number.length)} ${bar} ${' '.repeat(before)}${style.red('^'.repeat(marked))}`,
  ];
}

function visible(text: string): string {
  return text.replaceAll('\t', ' ').replace(/\p{Cc}/gu, '\ufffd');
}

/** How many columns of a terminal a text takes. */
function columns(text: string): number {
  let width = 0;
  for (const char of text) width += ZERO_WIDTH.test(char) ? 0 : DOUBLE_WIDTH.test(char) ? 2 : 1;
  return width;
}
