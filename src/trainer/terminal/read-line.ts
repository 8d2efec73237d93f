import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Lines beyond this byte of a file are not looked for: the place is told all the same. */
const MAX_BYTES = 32 * 1024 * 1024;

/** What no line of a text holds, and a terminal must not be given: control characters but tabs, and bytes that are no UTF-8. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const NO_TEXT = /[\u0000-\u0008\u000b-\u001f\u007f\ufffd]/;

/** A line of a text file, counted from 1; undefined where it cannot be read, as of Parquet and gzip. */
export async function readLine(file: string, line: number): Promise<string | undefined> {
  const stream = createReadStream(file, { end: MAX_BYTES });
  let current = 0;
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity }))
      if (++current === line) return NO_TEXT.test(text) ? undefined : text;
  } catch {
    // A diagnostic about a file that is not there.
  } finally {
    stream.destroy();
  }
  return undefined;
}
