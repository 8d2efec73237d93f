/** A position in a text: lines and columns count from 1, columns in UTF-16 code units, as editors show them. */
export interface Position {
  line: number;
  column: number;
}

/** Line breaks that YAML 1.2 takes for none, or that editors do not agree on. */
export const ODD_BREAK = /\r(?!\n)|[\u0085\u2028\u2029]/;

/** Turns offsets (UTF-16 code units from 0) into lines and columns and back. Lines end with `\n`, `\r\n` or `\r`. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) this.#starts.push(i + 1);
    }
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** Offset of the first character of a line; the end of the text for lines after the last. */
  start(line: number): number {
    return this.#starts[line - 1] ?? this.#length;
  }

  /** The line that holds an offset. */
  line(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start(middle + 1) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  position(offset: number): Position {
    const line = this.line(offset);
    return { line, column: offset - this.start(line) + 1 };
  }

  offset({ line, column }: Position): number {
    if (line < 1) return 0;
    return Math.min(this.start(line) + column - 1, this.start(line + 1), this.#length);
  }
}
