import { toWire } from '../../../protocol/numbers.ts';
import type { NonFiniteSpan } from '../../../protocol/webview.ts';

/** More stretches than this are told as one: a chart cannot show them apart, and a caption cannot name them. */
const MAX_SPANS = 100;

/** Collects where the values of a series were not finite, as stretches between finite ones. */
export class NonFiniteSpans {
  readonly spans: NonFiniteSpan[];
  /** The value before was not finite, so the next one belongs to the same stretch. */
  #open: boolean;

  constructor({ spans, open }: { spans: NonFiniteSpan[]; open: boolean } = { spans: [], open: false }) {
    this.spans = spans;
    this.#open = open;
  }

  get state(): { spans: NonFiniteSpan[]; open: boolean } {
    return { spans: this.spans, open: this.#open };
  }

  /** Takes in the next value of the series. */
  push(step: number, value: number): void {
    const kind = toWire(value);
    if (typeof kind === 'number') {
      this.#open = false;
      return;
    }
    const last = this.spans[this.spans.length - 1];
    if (last && (this.#open || this.spans.length >= MAX_SPANS)) {
      last.to = step;
      last.count++;
      if (!last.kinds.includes(kind)) last.kinds.push(kind);
    } else this.spans.push({ from: step, to: step, count: 1, kinds: [kind] });
    this.#open = true;
  }
  /**
   * Forgets the stretches that reach `step`. Gives the step from which on values before it are to be taken in again.
   * @param before the last step before it that has a value
   */
  truncateFrom(step: number, before: number): number {
    const kept = this.spans.filter(({ to }) => to < step);
    const first = this.spans[kept.length]?.from ?? step;
    this.spans.length = kept.length;
    this.#open = first >= step && kept[kept.length - 1]?.to === before;
    return Math.min(first, step);
  }
}
