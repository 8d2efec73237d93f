import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { CandidateOutput, EvaluationRecord } from '../../protocol/evaluation.ts';
import { explainWriteError } from '../../runs/errors.ts';
import { isObject } from '../data/tokenizer/json.ts';

const NEWLINE = 0x0a;

/**
 * The append side of `records.jsonl`. Opening an existing file keeps its whole lines, up to the first that is torn or is no
 * record, and goes on after them. What is appended is there wholly or, after an error, not at all.
 */
export class RecordLog {
  /** The records that were there when the file was opened. */
  readonly found: readonly EvaluationRecord[];
  readonly #path: string;
  readonly #file: number;
  #length: number;

  /** @throws TunebookError `run/disk-full`, `run/not-writable` */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, 'a+');
      const { records, bytes } = readRecords(readFileSync(this.#file));
      this.found = records;
      this.#length = bytes;
      ftruncateSync(this.#file, bytes);
    } catch (error) {
      throw explainWriteError(error, 'the records of the evaluation', path);
    }
  }

  /** @throws TunebookError `run/disk-full`; the file is then as it was before */
  append(records: readonly EvaluationRecord[]): void {
    const lines = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    try {
      for (let written = 0; written < lines.length;) written += writeSync(this.#file, lines, written);
    } catch (error) {
      ftruncateSync(this.#file, this.#length);
      throw explainWriteError(error, 'the records of the evaluation', this.#path);
    }
    this.#length += lines.length;
  }

  /** Makes what was appended survive a crash of the machine. */
  flush(): void {
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/**
 * The records in the bytes of a `records.jsonl`, up to the first line that is torn or is none.
 * @returns them, and how many bytes they take
 */
export function readRecords(bytes: Buffer): { records: EvaluationRecord[]; bytes: number } {
  const records: EvaluationRecord[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    const record = parseRecord(bytes.toString('utf8', start, end));
    if (!record) break;
    records.push(record);
    start = end + 1;
  }
  return { records, bytes: start };
}

function parseRecord(line: string): EvaluationRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is EvaluationRecord {
  return (
    isObject(value) &&
    Number.isSafeInteger(value['index']) &&
    typeof value['source'] === 'string' &&
    typeof value['input'] === 'string' &&
    typeof value['reference'] === 'string' &&
    isObject(value['outputs']) &&
    Object.values(value['outputs']).every(isOutput)
  );
}

function isOutput(value: unknown): value is CandidateOutput {
  return (
    isObject(value) &&
    typeof value['output'] === 'string' &&
    typeof value['correct'] === 'boolean' &&
    typeof value['score'] === 'number' &&
    typeof value['latency'] === 'number'
  );
}
