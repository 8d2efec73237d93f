import type { Tokenizer } from '../data/tokenizer.ts';

/** Tokens of the prompt that are decoded with the answer, so that its first word keeps the space before it. */
const CONTEXT = 4;

/**
 * The text of an answer while its tokens come. A token may be part of a letter, and a letter of a stop string, so text is given out only
 * once it is sure.
 */
export class AnswerText {
  readonly #tokenizer: Tokenizer;
  readonly #stops: readonly string[];
  readonly #context: readonly number[];
  readonly #before: string;
  #given = 0;
  /** The text of all tokens so far, without what is not yet a letter, up to the stop string. */
  text = '';
  /** Whether a stop string was said. */
  stopped = false;

  constructor(tokenizer: Tokenizer, prompt: readonly number[], stops: readonly string[]) {
    this.#tokenizer = tokenizer;
    this.#stops = stops;
    this.#context = prompt.slice(-CONTEXT);
    this.#before = this.#decode([]);
  }

  /**
   * @param ids all tokens of the answer so far
   * @param ended no more will come
   * @returns what can be shown in addition
   */
  update(ids: readonly number[], ended: boolean): string {
    const whole = this.#decode(ids);
    const text = whole.startsWith(this.#before)
      ? whole.slice(this.#before.length)
      : this.#tokenizer.decode(ids, { skip_special_tokens: true });
    // A letter whose bytes have not all come is shown as this sign.
    this.text = ended ? text : text.replace(/\uFFFD+$/, '');
    const end = firstOf(this.text, this.#stops);
    if (end !== undefined) {
      this.text = this.text.slice(0, end);
      this.stopped = true;
    }
    const sure = ended || this.stopped ? this.text.length : this.text.length - unsure(this.text, this.#stops);
    const more = this.text.slice(this.#given, Math.max(this.#given, sure));
    this.#given += more.length;
    return more;
  }

  #decode(ids: readonly number[]): string {
    return this.#tokenizer.decode([...this.#context, ...ids], { skip_special_tokens: true });
  }
}

function firstOf(text: string, stops: readonly string[]): number | undefined {
  const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0);
  return places.length === 0 ? undefined : Math.min(...places);
}

/** How many of the last letters may be the beginning of a stop string. */
function unsure(text: string, stops: readonly string[]): number {
  let most = 0;
  for (const stop of stops)
    for (let length = Math.min(stop.length - 1, text.length); length > most; length--)
      if (text.endsWith(stop.slice(0, length))) most = length;
  return most;
}
