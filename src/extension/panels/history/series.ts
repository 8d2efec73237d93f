import { toWire } from '../../../protocol/numbers.ts';
import type { MetricsView, Point, PointArrays, SeriesFacts } from '../../../protocol/webview.ts';
import { downsample, type Slice } from './downsample.ts';
import { NonFiniteSpans } from './non-finite.ts';
import { GrowingNumbers } from './numbers.ts';
import { MovingAverage } from './smooth.ts';
import { findTrend } from './trend.ts';

/** All values of one metric by step, ascending, at full resolution; and what a chart and its caption need of them. */
export class Series {
  readonly #x = new GrowingNumbers();
  readonly #y = new GrowingNumbers();
  #min: Point | undefined;
  #max: Point | undefined;
  #nonFinite = new NonFiniteSpans();
  #average: MovingAverage | undefined;
  #trend: { version: number; trend: SeriesFacts['trend'] } | undefined;
  #version = 0;

  /** Changes whenever a value does. */
  get version(): number {
    return this.#version;
  }

  /** All values, `[n]`; valid until the next change. */
  get values(): Float64Array {
    return this.#y.view;
  }

  /** Takes in the value of a step. A step that was there is replaced, with all that came after it. */
  set(step: number, value: number): void {
    if (step <= (this.#x.view[this.#x.length - 1] ?? -Infinity)) this.truncateFrom(step);
    this.#version++;
    this.#append(step, value);
  }

  /** Forgets the values of `step` and after. */
  truncateFrom(step: number): void {
    const length = this.#x.lowerBound(step);
    if (length === this.#x.length) return;
    this.#version++;
    const [x, y] = [this.#x.view.slice(0, length), this.#y.view.slice(0, length)];
    this.#x.truncate(0);
    this.#y.truncate(0);
    this.#min = this.#max = this.#average = undefined;
    this.#nonFinite = new NonFiniteSpans();
    for (let i = 0; i < length; i++) this.#append(x[i] ?? NaN, y[i] ?? NaN);
  }

  /** The value of a step; undefined where it has none. */
  at(step: number): number | undefined {
    const index = this.#x.lowerBound(step);
    return this.#x.view[index] === step ? this.#y.view[index] : undefined;
  }

  /** What a chart draws of it. */
  draw(view: MetricsView): { points: PointArrays; smoothed?: PointArrays } {
    const slice = this.#slice(view);
    const points = downsample(this.#x.view, this.#y.view, slice);
    if (view.smoothing === 0) return { points };
    return { points, smoothed: downsample(this.#x.view, this.#smooth(view.smoothing), slice) };
  }

  facts(resumedAt: readonly number[]): SeriesFacts {
    const [x, y] = [this.#x.view, this.#y.view];
    return {
      count: y.length,
      first: pointAt(x, y, 0),
      last: pointAt(x, y, y.length - 1),
      min: this.#min,
      max: this.#max,
      trend: this.#findTrend(),
      nonFinite: this.#nonFinite.spans.map((span) => ({ ...span, kinds: [...span.kinds] })),
      resumedAt: [...resumedAt],
    };
  }

  #findTrend(): SeriesFacts['trend'] {
    if (this.#trend?.version !== this.#version) {
      const spread = (this.#max?.value ?? 0) - (this.#min?.value ?? 0);
      this.#trend = { version: this.#version, trend: findTrend(this.#x.view, this.#y.view, spread) };
    }
    return this.#trend.trend;
  }

  #append(step: number, value: number): void {
    this.#x.push(step);
    this.#y.push(value);
    this.#nonFinite.push(step, value);
    if (!Number.isFinite(value)) return;
    if (!this.#min || value < this.#min.value) this.#min = { step, value };
    if (!this.#max || value > this.#max.value) this.#max = { step, value };
  }

  /** With one point beyond each end of the range, so that lines reach the edges. */
  #slice({ range, buckets, logX = false }: MetricsView): Slice {
    if (!range) return { start: 0, end: this.#x.length, buckets, logX };
    const start = Math.max(0, this.#x.lowerBound(range[0]) - 1);
    const end = Math.min(this.#x.length, this.#x.lowerBound(range[1]) + 2);
    return { start, end, buckets, logX };
  }

  #smooth(weight: number): Float64Array {
    if (this.#average?.weight !== weight) this.#average = new MovingAverage(weight);
    this.#average.extend(this.#y.view);
    return this.#average.values.view;
  }
}

function pointAt(x: Float64Array, y: Float64Array, index: number): SeriesFacts['first'] {
  const [step, value] = [x[index], y[index]];
  return step === undefined || value === undefined ? undefined : { step, value: toWire(value) };
}
