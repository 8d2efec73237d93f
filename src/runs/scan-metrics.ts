import type { MetricsEvent, RunEvent } from '../protocol/events.ts';
import { NumberScanner } from './scan-number.ts';
import { Pattern } from './scan-pattern.ts';

type WrittenMetrics = MetricsEvent & Pick<RunEvent, 'seq' | 'time'>;

/** What does not change from one line of numbers to the next: the text between the numbers. */
interface Shape {
  split: MetricsEvent['split'];
  hasTokens: boolean;
  /** Names of its values. */
  names: readonly string[];
  /** From behind the time to the step; then before the epoch, the tokens where there are some, and each value; then the end of the line. */
  pieces: readonly Pattern[];
}

const BEGIN = new Pattern('{"seq":');
const TIME = new Pattern(',"time":"');
const MOMENT = new Pattern('0000-00-00T00:00:00.000Z', '0');
/** Names that stand in JSON as they are, and that an object gets like any other. */
const PLAIN_NAME = /^[A-Za-z][\w/. -]*$/;
/** So many shapes are told apart: those of training and of evaluations. */
const MOST_SHAPES = 4;

/**
 * Reads the lines of numbers that make up nearly all of a long `events.jsonl`, several times as fast as `JSON.parse`. It knows the shapes of
 * lines that were read before, byte by byte, and gives of a line of that shape the same event as `parseEvent`.
 */
export class MetricsScanner {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #numbers: NumberScanner;
  readonly #shapes: Shape[] = [];

  /** @param bytes whole lines, the last with its newline */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#numbers = new NumberScanner(bytes);
  }

  /** Where the line ends that was scanned last: behind its newline. */
  get end(): number {
    return this.#numbers.at;
  }

  /** The event of the line that begins at `start`; undefined where it is of no known shape: it may be anything then. */
  scan(start: number): WrittenMetrics | undefined {
    for (const shape of this.#shapes) {
      const event = this.#scanAs(shape, start);
      if (event) return event;
    }
    return undefined;
  }

  /** Takes the shape of an event that was read otherwise. */
  learn(event: RunEvent): void {
    if (event.type !== 'metrics' || this.#shapes.length >= MOST_SHAPES) return;
    const { split, tokens, values } = event;
    const names = Object.keys(values);
    if (names.length === 0 || !names.every((name) => PLAIN_NAME.test(name))) return;
    const pieces = [
      `","type":"metrics","split":"${split}","step":`,
      ',"epoch":',
      ...(tokens === undefined ? [] : [',"tokens":']),
      ...names.map((name, i) => `${i === 0 ? ',"values":{' : ','}"${name}":`),
      '}}\n',
    ];
    const hasTokens = tokens !== undefined;
    this.#shapes.push({ split, hasTokens, names, pieces: pieces.map((piece) => new Pattern(piece)) });
  }

  #scanAs({ split, hasTokens, names, pieces }: Shape, start: number): WrittenMetrics | undefined {
    const [view, numbers] = [this.#view, this.#numbers];
    const seq = this.#number(BEGIN, start);
    if (!Number.isSafeInteger(seq)) return undefined;
    const time = numbers.at + TIME.length;
    if (!TIME.isAt(view, numbers.at) || !MOMENT.isAt(view, time)) return undefined;
    const step = this.#number(pieces[0]!, time + MOMENT.length);
    if (Number.isNaN(step)) return undefined;
    const epoch = this.#number(pieces[1]!, numbers.at);
    if (Number.isNaN(epoch)) return undefined;
    const tokens = hasTokens ? this.#number(pieces[2]!, numbers.at) : 0;
    if (Number.isNaN(tokens)) return undefined;
    const values: Record<string, number> = {};
    let piece = hasTokens ? 3 : 2;
    for (const name of names) {
      const value = this.#number(pieces[piece++]!, numbers.at);
      if (Number.isNaN(value)) return undefined;
      values[name] = value;
    }
    const last = pieces[piece]!;
    if (!last.isAt(view, numbers.at)) return undefined;
    numbers.at += last.length;
    const event: WrittenMetrics = {
      seq,
      time: this.#bytes.toString('latin1', time, time + MOMENT.length),
      type: 'metrics',
      split,
      step,
      epoch,
      values,
    };
    if (hasTokens) event.tokens = tokens;
    return event;
  }

  /** The number behind a piece of text; NaN where another text is there. */
  #number(before: Pattern, at: number): number {
    return before.isAt(this.#view, at) ? this.#numbers.next(at + before.length) : NaN;
  }
}
