import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { EvaluationRecord } from '../../../protocol/evaluation.ts';

/** How much of the file is read at once, in bytes. */
const CHUNK = 1024 * 1024;
/** Rows with more text than this are searched on disk, not in memory. */
const LONGEST_KEPT = 64 * 1024;
/** A text up to this length is its own key; a longer one is hashed. */
const LONGEST_KEY = 200;
const NEWLINE = 0x0a;
const COMMA = 0x2c;
const OUTPUTS = Buffer.from(',"outputs":{');

/** What is known of the answers of one candidate: a column, `[rows]` each. */
export interface AnswerColumn {
  readonly name: string;
  /** Where the line of the answer begins in the file. */
  offsets: Float64Array;
  /** Bytes of that line; 0 where there is no answer. */
  lengths: Uint32Array;
  correct: Uint8Array;
  score: Float64Array;
  latency: Float64Array;
  /** Equal where outputs are equal. */
  output: Uint32Array;
}

/**
 * The records of an evaluation as columns: everything that filtering and sorting need, while the texts stay in the file and are
 * read by byte range. Reads on where it stopped, so an evaluation that goes on can be followed.
 */
export class RecordTable {
  readonly path: string;
  readonly #columns = new Map<string, AnswerColumn>();
  readonly #references = new Map<string, number>();
  readonly #outputs = new Map<string, number>();
  readonly #referenceTexts: string[] = [];
  #capacity = 0;
  #rows = 0;
  #records = 0;
  #offset = 0;
  #rest = Buffer.alloc(0);
  #file: number | undefined;
  #hasCost = false;
  #problem: string | undefined;
  /** `[rows]`: the reference, as its place in {@link references}. */
  reference = new Uint32Array(0);
  /** `[rows]`: characters of the input. */
  inputLength = new Float64Array(0);
  /** Input, reference and outputs in lower case; undefined for a row that is too long to keep. */
  readonly texts: (string | undefined)[] = [];

  /** @param candidates their names, in the order of the config; others are added as they are met */
  constructor(path: string, candidates: readonly string[] = []) {
    this.path = path;
    for (const name of candidates) this.#column(name);
  }

  /** One more than the highest index. */
  get rows(): number {
    return this.#rows;
  }

  /** Lines that were read. */
  get records(): number {
    return this.#records;
  }

  get candidates(): string[] {
    return [...this.#columns.keys()];
  }

  /** Every different reference, in the order in which they were met. */
  get references(): readonly string[] {
    return this.#referenceTexts;
  }

  get hasCost(): boolean {
    return this.#hasCost;
  }

  /** Why reading ended before the end, as a sentence. */
  get problem(): string | undefined {
    return this.#problem;
  }

  column(name: string): AnswerColumn | undefined {
    return this.#columns.get(name);
  }

  /** Reads what is new, for about `milliseconds`. True when more is left to read. */
  read(milliseconds: number): boolean {
    if (this.#problem !== undefined) return false;
    if (this.#file === undefined && !existsSync(this.path)) return false;
    this.#file ??= openSync(this.path, 'r');
    const until = performance.now() + milliseconds;
    const chunk = Buffer.allocUnsafe(CHUNK);
    do {
      const bytes = readSync(this.#file, chunk, 0, CHUNK, this.#offset + this.#rest.length);
      if (bytes === 0) return false;
      this.#take(
        this.#rest.length === 0
          ? chunk.subarray(0, bytes)
          : Buffer.concat([this.#rest, chunk.subarray(0, bytes)]),
      );
      if (this.#problem !== undefined) return false;
    } while (performance.now() < until);
    return true;
  }

  /** One example with the answers of every candidate, from its lines in the file. Undefined where there is none. */
  record(row: number): EvaluationRecord | undefined {
    let merged: EvaluationRecord | undefined;
    for (const column of this.#columns.values()) {
      const line = this.#line(column, row);
      if (!line) continue;
      if (merged) Object.assign(merged.outputs, line.outputs);
      else merged = line;
    }
    return merged;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #line({ offsets, lengths }: AnswerColumn, row: number): EvaluationRecord | undefined {
    const length = lengths[row] ?? 0;
    if (length === 0) return undefined;
    this.#file ??= openSync(this.path, 'r');
    const bytes = Buffer.allocUnsafe(length);
    readSync(this.#file, bytes, 0, length, offsets[row] ?? 0);
    return parse(bytes.toString('utf8'));
  }

  /** Takes the whole lines of `bytes`, which begin at `#offset`, and keeps the rest. */
  #take(bytes: Buffer): void {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      const record = this.#parseKnown(bytes, start, end) ?? parse(bytes.toString('utf8', start, end));
      if (!record) {
        this.#problem = `Line ${this.#records + 1} of ${this.path} is damaged, so what follows it is not shown.`;
        return;
      }
      this.#add(record, this.#offset + start, end - start);
      start = end + 1;
    }
    this.#offset += start;
    this.#rest = Buffer.from(bytes.subarray(start));
  }

  /**
   * Reads only index and outputs of a line whose example is known: three of four lines where there are four candidates. A quote inside
   * of a string is escaped, so the mark of the outputs cannot stand in one.
   */
  #parseKnown(bytes: Buffer, start: number, end: number): EvaluationRecord | undefined {
    if (this.#rows === 0 || bytes.toString('latin1', start, start + 9) !== '{"index":') return undefined;
    let index = 0;
    let at = start + 9;
    for (let digit = (bytes[at] ?? 0) - 48; digit >= 0 && digit <= 9; digit = (bytes[++at] ?? 0) - 48)
      index = index * 10 + digit;
    if (bytes[at] !== COMMA || !(index < this.texts.length) || this.inputLength[index] === -1)
      return undefined;
    const outputs = bytes.indexOf(OUTPUTS, at);
    if (outputs === -1 || outputs >= end) return undefined;
    const record = parse(
      `{"index":${index},"input":"","reference":""${bytes.toString('utf8', outputs, end)}`,
    );
    if (record) record.reference = this.#referenceTexts[this.reference[index] ?? 0] ?? '';
    return record;
  }

  #add({ index, input, reference, outputs }: EvaluationRecord, offset: number, length: number): void {
    this.#records++;
    this.#grow(index + 1);
    const isNew = this.texts.length <= index || this.inputLength[index] === -1;
    if (isNew) {
      const id = intern(this.#references, reference);
      this.reference[index] = id;
      this.#referenceTexts[id] ??= reference;
      this.inputLength[index] = input.length;
      while (this.texts.length <= index) this.texts.push('');
      this.texts[index] = kept(`${input}\n${reference}`);
    }
    for (const [name, answer] of Object.entries(outputs)) {
      const column = this.#column(name);
      column.offsets[index] = offset;
      column.lengths[index] = length;
      column.correct[index] = answer.correct ? 1 : 0;
      column.score[index] = answer.score;
      column.latency[index] = answer.latency;
      column.output[index] = intern(this.#outputs, answer.output);
      if (answer.cost !== undefined) this.#hasCost = true;
      const text = this.texts[index];
      if (text !== undefined && answer.output !== reference)
        this.texts[index] =
          text.length + answer.output.length > LONGEST_KEPT
            ? undefined
            : `${text}\n${answer.output.toLowerCase()}`;
    }
  }

  #column(name: string): AnswerColumn {
    let column = this.#columns.get(name);
    if (!column) {
      const size = this.#capacity;
      column = {
        name,
        offsets: new Float64Array(size),
        lengths: new Uint32Array(size),
        correct: new Uint8Array(size),
        score: new Float64Array(size),
        latency: new Float64Array(size),
        output: new Uint32Array(size),
      };
      this.#columns.set(name, column);
    }
    return column;
  }

  #grow(rows: number): void {
    this.#rows = Math.max(this.#rows, rows);
    if (rows <= this.#capacity) return;
    const size = Math.max(1024, rows, 2 * this.#capacity);
    const lengths = new Float64Array(size).fill(-1);
    lengths.set(this.inputLength);
    this.inputLength = lengths;
    this.reference = grown(this.reference, new Uint32Array(size));
    for (const column of this.#columns.values()) {
      column.offsets = grown(column.offsets, new Float64Array(size));
      column.lengths = grown(column.lengths, new Uint32Array(size));
      column.correct = grown(column.correct, new Uint8Array(size));
      column.score = grown(column.score, new Float64Array(size));
      column.latency = grown(column.latency, new Float64Array(size));
      column.output = grown(column.output, new Uint32Array(size));
    }
    this.#capacity = size;
  }
}

function grown<T extends Float64Array | Uint32Array | Uint8Array>(old: T, into: T): T {
  into.set(old);
  return into;
}

function intern(known: Map<string, number>, text: string): number {
  const key =
    text.length <= LONGEST_KEY ? text : `${text.length}:${createHash('sha1').update(text).digest('base64')}`;
  const id = known.get(key);
  if (id !== undefined) return id;
  known.set(key, known.size);
  return known.size - 1;
}

function kept(text: string): string | undefined {
  return text.length > LONGEST_KEPT ? undefined : text.toLowerCase();
}

/** A line that is a record; what the trainer wrote is checked as far as this table needs it. */
function parse(line: string): EvaluationRecord | undefined {
  try {
    // SAFETY: every field that is used is checked in the next line.
    const record = JSON.parse(line) as EvaluationRecord;
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(record: EvaluationRecord): boolean {
  const { index, input, reference, outputs } = record;
  if (!Number.isSafeInteger(index) || index < 0 || index > 50_000_000) return false;
  if (typeof input !== 'string' || typeof reference !== 'string' || typeof outputs !== 'object') return false;
  return Object.values(outputs).every((answer) => typeof answer?.output === 'string');
}
