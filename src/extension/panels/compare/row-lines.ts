import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/** How much of the file is read at once, in bytes. */
const CHUNK = 1024 * 1024;
const NEWLINE = 0x0a;
/** Bytes of a line that its end is looked for in: names of candidates are short. */
const TAIL_BYTES = 2000;

interface Place<Tail> {
  readonly offset: number;
  readonly length: number;
  readonly tail: Tail;
}

/**
 * A file in which each line is about a row and says so at its end. Where the lines stand and what their ends tell is kept; texts stay in
 * the file until a row is opened. Reads on where it stopped.
 */
export class RowLines<Tail extends { readonly row: number }> {
  readonly #path: string;
  readonly #readTail: (end: string) => Tail | undefined;
  readonly #places = new Map<number, Place<Tail>[]>();
  #lines = 0;
  #file: number | undefined;
  #offset = 0;
  #rest = Buffer.alloc(0);

  /** @param readTail what the end of a line tells; undefined for a line that is not what it should be, which is left out */
  constructor(path: string, readTail: (end: string) => Tail | undefined) {
    this.#path = path;
    this.#readTail = readTail;
  }

  /** Lines that were read. */
  get lines(): number {
    return this.#lines;
  }

  /** Reads what is new, for about `milliseconds`. True when more is left to read. */
  read(milliseconds: number): boolean {
    if (this.#file === undefined && !existsSync(this.#path)) return false;
    this.#file ??= openSync(this.#path, 'r');
    const until = performance.now() + milliseconds;
    const chunk = Buffer.allocUnsafe(CHUNK);
    do {
      const bytes = readSync(this.#file, chunk, 0, CHUNK, this.#offset + this.#rest.length);
      if (bytes === 0) return false;
      this.#take(Buffer.concat([this.#rest, chunk.subarray(0, bytes)]));
    } while (performance.now() < until);
    return true;
  }

  /** What the ends of the lines about a row tell, in the order of the file; undefined where there are none. */
  tailsOf(row: number): Tail[] | undefined {
    return this.#places.get(row)?.map(({ tail }) => tail);
  }

  /** The lines about a row whose ends are wanted, in the order of the file. */
  linesOf(row: number, isWanted: (tail: Tail) => boolean = () => true): string[] {
    return (this.#places.get(row) ?? [])
      .filter(({ tail }) => isWanted(tail))
      .map(({ offset, length }) => {
        this.#file ??= openSync(this.#path, 'r');
        const bytes = Buffer.allocUnsafe(length);
        readSync(this.#file, bytes, 0, length, offset);
        return bytes.toString('utf8');
      });
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #take(bytes: Buffer): void {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      const tail = this.#readTail(bytes.toString('utf8', Math.max(start, end - TAIL_BYTES), end));
      if (tail) {
        this.#lines++;
        const place = { offset: this.#offset + start, length: end - start, tail };
        const own = this.#places.get(tail.row);
        if (own) own.push(place);
        else this.#places.set(tail.row, [place]);
      }
      start = end + 1;
    }
    this.#offset += start;
    this.#rest = Buffer.from(bytes.subarray(start));
  }
}

/**
 * The fields at the end of a line, which no text holds: a quote in a text is escaped.
 * @param fields a comma, the fields, and the brace that ends the line
 */
export function tailFields(end: string, fields: RegExp): unknown {
  const [found] = fields.exec(end) ?? [];
  if (found === undefined) return undefined;
  try {
    return JSON.parse(`{${found.slice(1)}`);
  } catch {
    return undefined;
  }
}
