import type { MetricsAxis, PanelSeries, PointArrays } from '../../../protocol/webview.ts';
import { GrowingNumbers } from './numbers.ts';

const NO_POINTS: PointArrays = { x: new Float64Array(0), y: new Float64Array(0) };

type Drawn = Pick<PanelSeries, 'points' | 'smoothed' | 'facts'>;

/** Where the steps of a run lie on other axes: epochs done, hours since its first number, and tokens trained on. Rows are in the order of steps. */
export class StepAxes {
  readonly #steps = new GrowingNumbers();
  readonly #epochs = new GrowingNumbers();
  readonly #hours = new GrowingNumbers();
  readonly #tokens = new GrowingNumbers();
  #begin: number | undefined;

  get steps(): GrowingNumbers {
    return this.#steps;
  }

  get epochs(): GrowingNumbers {
    return this.#epochs;
  }

  /** Takes in a step with its epoch and the moment (ms since the epoch) of its first number; one that is known stays. */
  add(step: number, epoch: number, moment: number, tokens?: unknown): void {
    const row = this.#steps.lowerBound(step);
    if (this.#steps.view[row] === step) return;
    this.truncate(row);
    this.#begin ??= moment;
    const hours = (moment - this.#begin) / 3_600_000;
    // A clock that was set back must not let a line run backwards.
    const before = this.#hours.view[row - 1] ?? 0;
    this.#steps.push(step);
    this.#epochs.push(epoch);
    this.#hours.push(Number.isFinite(hours) ? Math.max(before, hours) : before);
    const counted = this.#tokens.view[row - 1] ?? 0;
    this.#tokens.push(typeof tokens === 'number' && tokens > counted ? tokens : counted);
  }

  truncate(rows: number): void {
    for (const each of [this.#steps, this.#epochs, this.#hours, this.#tokens]) each.truncate(rows);
  }

  /** Whether the run tells where its steps lie on an axis. */
  knows(axis: MetricsAxis): boolean {
    return axis !== 'tokens' || (this.#tokens.view[this.#tokens.length - 1] ?? 0) > 0;
  }

  #on(axis: Exclude<MetricsAxis, 'step'>): GrowingNumbers {
    return { epoch: this.#epochs, time: this.#hours, tokens: this.#tokens }[axis];
  }

  /** A step in the unit of an axis. */
  place(axis: MetricsAxis, step: number): number {
    if (axis === 'step') return step;
    const values = this.#on(axis);
    const row = Math.min(this.#steps.lowerBound(step), values.length - 1);
    return values.view[row] ?? 0;
  }

  /** The steps of a stretch of an axis. */
  stepsWithin(axis: MetricsAxis, [from, to]: readonly [number, number]): [number, number] {
    if (axis === 'step') return [from, to];
    const values = this.#on(axis);
    const last = Math.max(0, values.length - 1);
    const stepAt = (value: number) => this.#steps.view[Math.min(last, values.lowerBound(value))] ?? 0;
    return [stepAt(from), stepAt(to)];
  }

  /** A series as it lies on an axis; its facts stay in steps, and its marks are put where they lie. */
  move(axis: MetricsAxis, series: Drawn): Drawn & Pick<PanelSeries, 'marks' | 'isUnplaced'> {
    if (axis === 'step') return series;
    if (!this.knows(axis)) return { points: NO_POINTS, facts: series.facts, isUnplaced: true };
    const place = (step: number) => this.place(axis, step);
    const points = ({ x, y }: PointArrays): PointArrays => ({ x: x.map(place), y });
    const { facts } = series;
    return {
      ...series,
      points: points(series.points),
      ...(series.smoothed ? { smoothed: points(series.smoothed) } : {}),
      marks: {
        nonFinite: facts.nonFinite.map(({ from, to }) => [place(from), place(to)]),
        resumedAt: facts.resumedAt.map(place),
      },
    };
  }
}
