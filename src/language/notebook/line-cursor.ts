/** A place in one line of Markdown, where a tab reaches to the next column that four divides. */
export class LineCursor {
  readonly text: string;
  /** UTF-16 code units from the start of the line. */
  position = 0;
  /** Columns from the start of the line, from 0. */
  column = 0;

  /** @param text the line without its end */
  constructor(text: string) {
    this.text = text;
  }

  /** The columns of white space in front of the next character, and where that stands. */
  peek(): { indent: number; next: number; blank: boolean } {
    let next = this.position;
    let column = this.column;
    for (; next < this.text.length; next++) {
      const character = this.text[next];
      if (character === ' ') column++;
      else if (character === '\t') column += 4 - (column % 4);
      else break;
    }
    return { indent: column - this.column, next, blank: next === this.text.length };
  }

  /** What stands behind the white space. */
  rest(): string {
    return this.text.slice(this.peek().next);
  }

  /** Goes on by columns; a tab that is wider than that is entered and not left. */
  advanceColumns(count: number): void {
    for (let left = count; left > 0 && this.position < this.text.length;) {
      if (this.text[this.position] !== '\t') {
        this.position++;
        this.column++;
        left--;
        continue;
      }
      const width = 4 - (this.column % 4);
      const step = Math.min(width, left);
      this.column += step;
      left -= step;
      if (step === width) this.position++;
    }
  }

  /** Goes to the next character that is no white space. */
  skipSpace(): void {
    const { indent, next } = this.peek();
    this.column += indent;
    this.position = next;
  }

  get atSpace(): boolean {
    const character = this.text[this.position];
    return character === ' ' || character === '\t';
  }
}
