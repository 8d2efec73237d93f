import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainWriteError } from '../../runs/errors.ts';

/**
 * Tokens of many sequences end to end. Each is a 32-bit word: its id, with all bits turned where it is to be predicted, so that
 * whatever is below zero counts.
 */
export interface StoredTokens {
  readonly length: number;
  /** The words from one place up to another, in memory of their own. */
  read(from: number, to: number): Int32Array<ArrayBuffer>;
}

/** Tells ids from whether they are to be predicted: 1 where one is. In place of the words, which are gone then. */
export function splitWords(words: Int32Array<ArrayBuffer>): {
  input_ids: Int32Array<ArrayBuffer>;
  loss_mask: Uint8Array<ArrayBuffer>;
} {
  const loss_mask = new Uint8Array(words.length);
  for (let token = 0; token < words.length; token++) {
    if (words[token]! >= 0) continue;
    words[token] = ~words[token]!;
    loss_mask[token] = 1;
  }
  return { input_ids: words, loss_mask };
}

export interface TokenWriterOptions {
  /** The file for tokens that are too many for memory; one that goes with the process when absent. */
  readonly path?: string;
  /** Tokens that are held in memory before they go to the file. */
  readonly inMemory?: number;
}

export const WORD_BYTES = Int32Array.BYTES_PER_ELEMENT;
/** 4 MiB. */
const IN_MEMORY = 1 << 20;

/** Gathers tokens: a few in memory, many in a file, so that memory does not grow with the data. */
export class TokenWriter {
  readonly #path: string | undefined;
  readonly #words: Int32Array<ArrayBuffer>;
  /** Words that are in memory. */
  #held = 0;
  #file: TokenFile | undefined;

  constructor({ path, inMemory = IN_MEMORY }: TokenWriterOptions = {}) {
    this.#path = path;
    this.#words = new Int32Array(inMemory);
  }

  get length(): number {
    return (this.#file?.length ?? 0) + this.#held;
  }

  /**
   * @param counted from and up to which token each stretch reaches that is to be predicted
   * @throws TunebookError `run/disk-full`, `run/not-writable`, `run/folder-gone`
   */
  append(ids: ArrayLike<number>, counted: readonly (readonly [from: number, to: number])[]): void {
    const words = Int32Array.from(ids);
    for (const [from, to] of counted)
      for (let token = from; token < Math.min(to, words.length); token++) words[token] = ~words[token]!;
    for (let at = 0; at < words.length;) {
      if (this.#held === this.#words.length) this.#spill();
      const part = words.subarray(at, at + this.#words.length - this.#held);
      this.#words.set(part, this.#held);
      this.#held += part.length;
      at += part.length;
    }
  }

  /**
   * All tokens, when nothing is appended any more.
   * @throws TunebookError as {@link append}
   */
  finish(): TokenFile | TokensInMemory {
    if (this.#file === undefined) return new TokensInMemory(this.#words.slice(0, this.#held));
    this.#spill();
    return this.#file;
  }

  #spill(): void {
    this.#file ??= TokenFile.create(this.#path);
    this.#file.append(this.#words.subarray(0, this.#held));
    this.#held = 0;
  }
}

/** Tokens that fit into memory. */
export class TokensInMemory implements StoredTokens {
  readonly words: Int32Array<ArrayBuffer>;

  constructor(words: Int32Array<ArrayBuffer>) {
    this.words = words;
  }

  get length(): number {
    return this.words.length;
  }

  read(from: number, to: number): Int32Array<ArrayBuffer> {
    return this.words.slice(from, to);
  }
}

/** The files of objects that are gone are closed some time after. */
const OPEN = new FinalizationRegistry<number>(closeSync);
let serial = 0;

/** Tokens at the beginning of a file. It stays readable while the process lives, also when it is renamed or removed. */
export class TokenFile implements StoredTokens {
  readonly #file: number;
  readonly #path: string;
  #length: number;

  private constructor(file: number, path: string, length: number) {
    this.#file = file;
    this.#path = path;
    this.#length = length;
    OPEN.register(this, file);
  }

  /** @throws TunebookError `run/disk-full`, `run/not-writable`, `run/folder-gone` */
  static create(named?: string): TokenFile {
    const path = named ?? join(tmpdir(), `tunebook-${process.pid}-${++serial}.tokens`);
    try {
      // The folder for temporary files is everybody's: what lies there under that name is not followed.
      const file = openSync(path, named === undefined ? 'wx+' : 'w+');
      if (named === undefined) rmSync(path);
      return new TokenFile(file, path, 0);
    } catch (error) {
      throw explainWriteError(error, WHAT, path);
    }
  }

  /** A file that was written before. */
  static open(path: string, length: number): TokenFile {
    return new TokenFile(openSync(path, 'r'), path, length);
  }

  get length(): number {
    return this.#length;
  }

  /** @throws TunebookError `run/disk-full` */
  append(words: Int32Array<ArrayBuffer>): void {
    writeWhole(this.#file, new Uint8Array(words.buffer, words.byteOffset, words.byteLength), this.#path);
    this.#length += words.length;
  }

  read(from: number, to: number): Int32Array<ArrayBuffer> {
    const words = new Int32Array(to - from);
    const bytes = new Uint8Array(words.buffer);
    for (let at = 0; at < bytes.length;) {
      const count = readSync(this.#file, bytes, at, bytes.length - at, from * WORD_BYTES + at);
      if (count === 0) throw new Error(`${this.#path} was made shorter while it was read`);
      at += count;
    }
    return words;
  }
}

const WHAT = 'the tokens of the data';

function writeWhole(file: number, bytes: Uint8Array, path: string): void {
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  } catch (error) {
    throw explainWriteError(error, WHAT, path);
  }
}
