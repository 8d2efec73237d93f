/** A list of bytes that grows in place. */
export class ByteList {
  #values = new Uint8Array(1024);
  #length = 0;

  append(values: Uint8Array): void {
    if (this.#length + values.length > this.#values.length) {
      const grown = new Uint8Array(Math.max(this.#length + values.length, this.#values.length * 2));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values.set(values, this.#length);
    this.#length += values.length;
  }

  /** The entries so far, in memory of exactly their size. */
  toArray(): Uint8Array<ArrayBuffer> {
    return this.#values.slice(0, this.#length);
  }
}

/** A list of float32 numbers that grows in place. */
export class NumberList {
  #values = new Float32Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Float32Array(2 * this.#values.length);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  /** The entries so far, in memory of exactly their size. */
  toArray(): Float32Array<ArrayBuffer> {
    return this.#values.slice(0, this.#length);
  }
}

/** A list of 32-bit integers that grows in place: four bytes an entry, however many there are. */
export class IntegerList {
  #values = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    this.#reserve(1);
    this.#values[this.#length++] = value;
  }

  append(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#values.set(values, this.#length);
    this.#length += values.length;
  }

  /** The entries so far, in memory of exactly their size. */
  toArray(): Int32Array<ArrayBuffer> {
    return this.#values.slice(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#values.length) return;
    const grown = new Int32Array(Math.max(this.#length + more, this.#values.length * 2));
    grown.set(this.#values);
    this.#values = grown;
  }
}
