import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { JudgeChip } from '../../../protocol/compare.ts';
import type { JudgementRecord } from '../../../protocol/evaluation.ts';

/** How much of the file is read at once, in bytes. */
const CHUNK = 1024 * 1024;
const NEWLINE = 0x0a;
/** What stands at the end of each line, behind texts in which a quote would be escaped. */
const TAIL = /(?:,"verdict":"(?:first|second|tie)")?,"row":\d+,"first":"[^\n]*\}$/;
/** Bytes of a line that its end is looked for in: names of candidates are short. */
const TAIL_BYTES = 2000;

/** What the end of a line tells of it. */
type Tail = Pick<JudgementRecord, 'row' | 'first' | 'second' | 'verdict'>;

/** Where in `judgements.jsonl` the judge's answers about each row stand; texts stay in the file until a row is opened. Verdicts are kept. */
export class JudgementFile {
  readonly #path: string;
  readonly #places = new Map<number, { offset: number; length: number; tail: Tail }[]>();
  #judgements = 0;
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

  /** Lines that were read. */
  get judgements(): number {
    return this.#judgements;
  }

  /**
   * What becomes of a row when `b` is measured against `a`: it is decided where both orders say the same. Undefined where the judge has
   * not been asked in both, as about equal answers.
   */
  chipOf(row: number, a: string, b: string): JudgeChip | undefined {
    const places = this.#places.get(row);
    if (!places) return undefined;
    const winners = new Map<string, string | undefined>();
    for (const { tail } of places) {
      const { first, second, verdict } = tail;
      if (!(first === a && second === b) && !(first === b && second === a)) continue;
      winners.set(first, verdict === 'first' ? first : verdict === 'second' ? second : verdict);
    }
    if (winners.size < 2) return undefined;
    const [one, other] = winners.values();
    if (one === undefined || one !== other) return 'judge-undecided';
    return one === b ? 'judged-better' : one === a ? 'judged-worse' : 'judged-tie';
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
      const tail = readTail(bytes.toString('utf8', Math.max(start, end - TAIL_BYTES), end));
      if (tail) {
        this.#judgements++;
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

function readTail(end: string): Tail | undefined {
  const [found] = TAIL.exec(end) ?? [];
  if (found === undefined) return undefined;
  try {
    // SAFETY: the expression lets these fields alone through, written by the trainer from values of this type.
    return JSON.parse(`{${found.slice(1)}`) as Tail;
  } catch {
    return undefined;
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
