import { toWire } from '../../../protocol/numbers.ts';
import type {
  MetricsView,
  NonFiniteSpan,
  Point,
  PointArrays,
  SeriesFacts,
} from '../../../protocol/webview.ts';
import { BLOCK, BlockStore } from '../../../runs/columns/block-store.ts';
import { Column, type ColumnState } from '../../../runs/columns/column.ts';
import { Extremes } from '../../../runs/columns/extremes.ts';
import { downsample, type Slice } from './downsample.ts';
import { NonFiniteSpans } from './non-finite.ts';
import { MovingAverage } from './smooth.ts';
import { findTrend, momentsOf, trendStart, type Moments } from './trend.ts';

/** A series as it is written down; the arrays are valid until the next change. */
export interface SeriesState {
  x: ColumnState;
  y: ColumnState;
  extremes: Extremes['state'];
  nonFinite: { spans: NonFiniteSpan[]; open: boolean };
  moments: Moments[];
}

/**
 * All values of one metric by step, ascending, at full resolution; and what a chart and its caption need of them. What is read of
 * it may throw `BlockLost`.
 */
export class Series {
  readonly #x: Column;
  readonly #y: Column;
  readonly #extremes: Extremes;
  readonly #nonFinite: NonFiniteSpans;
  /** Of each full block. */
  readonly #moments: Moments[];
  #average: MovingAverage | undefined;
  #trend: { version: number; trend: SeriesFacts['trend'] } | undefined;
  #version = 0;

  constructor(store: BlockStore = new BlockStore(), state?: SeriesState) {
    this.#x = new Column(store, state?.x);
    this.#y = new Column(store, state?.y);
    this.#extremes = new Extremes(state?.extremes);
    this.#nonFinite = new NonFiniteSpans(state?.nonFinite);
    this.#moments = state?.moments ?? [];
  }

  get state(): SeriesState {
    const [x, y, extremes] = [this.#x.state, this.#y.state, this.#extremes.state];
    return { x, y, extremes, nonFinite: this.#nonFinite.state, moments: this.#moments };
  }

  /** Changes whenever a value does. */
  get version(): number {
    return this.#version;
  }

  get length(): number {
    return this.#y.length;
  }

  /** The values from the index `start` to before `end`. */
  values(start: number, end: number): Float64Array {
    return this.#y.slice(start, end);
  }

  /** Takes in the value of a step. A step that was there is replaced, with all that came after it. */
  set(step: number, value: number): void {
    if (this.length > 0 && step <= this.#x.at(this.length - 1)) this.truncateFrom(step);
    this.#version++;
    this.#x.push(step);
    this.#y.push(value);
    this.#extremes.push(value);
    this.#nonFinite.push(step, value);
    if (this.length % BLOCK === 0) this.#moments.push(this.#momentsOf(this.length - BLOCK, this.length));
  }

  /** Forgets the values of `step` and after. */
  truncateFrom(step: number): void {
    const length = this.#x.lowerBound(step);
    if (length === this.length) return;
    this.#version++;
    this.#x.truncate(length);
    this.#y.truncate(length);
    this.#average = undefined;
    this.#moments.length = Math.floor(length / BLOCK);
    this.#extremes.truncate(length, (from, to) => this.values(from, to));
    const again = this.#x.lowerBound(this.#nonFinite.truncateFrom(step, this.#x.at(length - 1)));
    const [x, y] = [this.#x.slice(again, length), this.values(again, length)];
    y.forEach((value, i) => this.#nonFinite.push(x[i] ?? NaN, value));
  }

  /** The value of a step; undefined where it has none. */
  at(step: number): number | undefined {
    const index = this.#x.lowerBound(step);
    return this.#x.at(index) === step ? this.#y.at(index) : undefined;
  }

  /** What a chart draws of it. */
  draw(view: MetricsView): { points: PointArrays; smoothed?: PointArrays } {
    const slice = this.#slice(view);
    const points = downsample(
      this.#x,
      {
        slice: (start, end) => this.values(start, end),
        extremes: (from, to) => this.#extremes.within(from, to, (start, end) => this.values(start, end)),
      },
      slice,
    );
    if (view.smoothing === 0) return { points };
    return { points, smoothed: downsample(this.#x, this.#smooth(view.smoothing), slice) };
  }

  facts(resumedAt: readonly number[]): SeriesFacts {
    const { length } = this;
    const { low, high, min, max } = this.#extremes.within(0, length, (from, to) => this.values(from, to));
    const point = (index: number, value: number): Point => ({ step: this.#x.at(index), value });
    const isFinite = min <= max;
    return {
      count: length,
      first: this.#pointAt(0),
      last: this.#pointAt(length - 1),
      min: isFinite ? point(low, min) : undefined,
      max: isFinite ? point(high, max) : undefined,
      trend: this.#findTrend(isFinite ? max - min : 0),
      nonFinite: this.#nonFinite.spans.map((span) => ({ ...span, kinds: [...span.kinds] })),
      resumedAt: [...resumedAt],
    };
  }

  #findTrend(spread: number): SeriesFacts['trend'] {
    if (this.#trend?.version === this.#version) return this.#trend.trend;
    const start = trendStart(this.length);
    const whole = this.#moments.slice(Math.ceil(start / BLOCK));
    const firstWhole = Math.min(this.length, Math.ceil(start / BLOCK) * BLOCK);
    const tail = Math.max(firstWhole, this.#moments.length * BLOCK);
    const parts = [this.#momentsOf(start, firstWhole), ...whole, this.#momentsOf(tail, this.length)];
    this.#trend = { version: this.#version, trend: findTrend(parts, spread) };
    return this.#trend.trend;
  }

  #momentsOf(start: number, end: number): Moments {
    return momentsOf(this.#x.slice(start, end), this.values(start, end));
  }

  #pointAt(index: number): SeriesFacts['first'] {
    if (index < 0 || index >= this.length) return undefined;
    return { step: this.#x.at(index), value: toWire(this.#y.at(index)) };
  }

  /** With one point beyond each end of the range, so that lines reach the edges. */
  #slice({ range, buckets, logX = false }: MetricsView): Slice {
    if (!range) return { start: 0, end: this.length, buckets, logX };
    const start = Math.max(0, this.#x.lowerBound(range[0]) - 1);
    const end = Math.min(this.length, this.#x.lowerBound(range[1]) + 2);
    return { start, end, buckets, logX };
  }

  #smooth(weight: number): MovingAverage {
    if (this.#average?.weight !== weight) this.#average = new MovingAverage(weight, this.#y);
    this.#average.extend();
    return this.#average;
  }
}
