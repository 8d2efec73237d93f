/** A text of ASCII that is looked for in bytes four at a time. */
export class Pattern {
  readonly length: number;
  readonly #words: Int32Array;
  readonly #masks: Int32Array;

  /** @param digits stands for any of `0123456789:;<=>?` where it occurs in the text */
  constructor(text: string, digits?: string) {
    this.length = text.length;
    const masks = Buffer.alloc(Math.ceil(text.length / 4) * 4);
    const words = Buffer.alloc(masks.length);
    for (let i = 0; i < text.length; i++) {
      masks[i] = text[i] === digits ? 0xf0 : 0xff;
      words[i] = text.charCodeAt(i) & masks[i]!;
    }
    this.#words = Int32Array.from({ length: words.length / 4 }, (_, i) => words.readInt32LE(4 * i));
    this.#masks = Int32Array.from({ length: words.length / 4 }, (_, i) => masks.readInt32LE(4 * i));
  }

  /** Whether it stands in bytes at a place. May say no within four bytes of their end. */
  isAt(view: DataView, at: number): boolean {
    const [words, masks] = [this.#words, this.#masks];
    const count = words.length;
    if (at + 4 * count > view.byteLength) return false;
    for (let i = 0; i < count; i++)
      if ((view.getInt32(at + 4 * i, true) & masks[i]!) !== words[i]) return false;
    return true;
  }
}
