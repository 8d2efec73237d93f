import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { JudgementRecord } from '../../../protocol/evaluation.ts';

/** How much of the file is read at once, in bytes. */
const CHUNK = 1024 * 1024;
const NEWLINE = 0x0a;
/** What stands at the end of each line, behind texts in which a quote would be escaped. */
const TAIL = /,"row":(\d+),"first":"[^\n]*\}$/;
/** Bytes of a line that its end is looked for in: names of candidates are short. */
const TAIL_BYTES = 2000;

/** Where in `judgements.jsonl` the judge's answers about each row stand; texts stay in the file until a row is opened. */
export class JudgementFile {
  readonly #path: string;
  readonly #places = new Map<number, { offset: number; length: number }[]>();
  #file: number | undefined;
  #offset = 0;
  #rest = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
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

  /** What the judge said of a row, in the order in which it was asked; a damaged line is left out. */
  of(row: number): JudgementRecord[] {
    return (this.#places.get(row) ?? []).flatMap(({ offset, length }) => {
      this.#file ??= openSync(this.#path, 'r');
      const bytes = Buffer.allocUnsafe(length);
      readSync(this.#file, bytes, 0, length, offset);
      return parse(bytes.toString('utf8')) ?? [];
    });
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #take(bytes: Buffer): void {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      const tail = TAIL.exec(bytes.toString('utf8', Math.max(start, end - TAIL_BYTES), end));
      if (tail) {
        const row = Number(tail[1]);
        const place = { offset: this.#offset + start, length: end - start };
        const own = this.#places.get(row);
        if (own) own.push(place);
        else this.#places.set(row, [place]);
      }
      start = end + 1;
    }
    this.#offset += start;
    this.#rest = Buffer.from(bytes.subarray(start));
  }
}

function parse(line: string): JudgementRecord | undefined {
  try {
    // SAFETY: the trainer writes whole lines from values of this type, and the parts that are read are looked at here.
    const record = JSON.parse(line) as JudgementRecord;
    const isWhole = typeof record.first === 'string' && typeof record.second === 'string';
    return isWhole && Object.values(record.outputs).every(({ output }) => typeof output === 'string')
      ? record
      : undefined;
  } catch {
    return undefined;
  }
}
