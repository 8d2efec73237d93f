import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Lines beyond this byte of a file are not looked for: the place is told all the same. */
const MAX_BYTES = 32 * 1024 * 1024;

/** A line of a text file, counted from 1; undefined where it cannot be read. */
export async function readLine(file: string, line: number): Promise<string | undefined> {
  const stream = createReadStream(file, { end: MAX_BYTES });
  let current = 0;
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity }))
      if (++current === line) return text;
  } catch {
    // A diagnostic about a file that is not there.
  } finally {
    stream.destroy();
  }
  return undefined;
}
