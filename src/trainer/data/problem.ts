import { TunebookError, type Location } from '../../protocol/error.ts';

/**
 * An error about a data file. `code` is `data/…` or `file/…`; all are explained in docs/data.md.
 * @param hint one sentence: what to do next
 */
export function dataError(
  code: string,
  message: string,
  location: Location,
  hint: string,
  cause?: unknown,
): TunebookError {
  return new TunebookError(code, message, { location, hint, cause });
}

/** Where a row stands, as a sentence begins with it: `Line 7 of rows.csv`; of a Parquet file, which has no lines, `Row 7`. */
export function placeOf({ file, line }: { file: string; line: number }): string {
  return `${/\.parquet$/i.test(file) ? 'Row' : 'Line'} ${line} of ${file}`;
}

/** A piece of a value, short enough for a message: `"make the text lar…"`. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** `a, b and c`; a long list is cut: `a, b, c and 74 more`. */
export function list(names: readonly string[], limit = 8): string {
  if (names.length > limit) return `${names.slice(0, limit).join(', ')} and ${names.length - limit} more`;
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
