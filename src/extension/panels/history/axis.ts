import type { MetricsAxis, PanelSeries, PointArrays } from '../../../protocol/webview.ts';
import { BlockStore } from '../../../runs/columns/block-store.ts';
import { Column, type ColumnState } from '../../../runs/columns/column.ts';

const NO_POINTS: PointArrays = { x: new Float64Array(0), y: new Float64Array(0) };

type Drawn = Pick<PanelSeries, 'points' | 'smoothed' | 'facts'>;

/** The axes of a run as they are written down; the arrays are valid until the next change. */
export interface AxesState {
  steps: ColumnState;
  epochs: ColumnState;
  hours: ColumnState;
  tokens: ColumnState;
  begin?: number | undefined;
}

/** Where the steps of a run lie on other axes: epochs done, hours since its first number, and tokens trained on. Rows are in the order of steps. */
export class StepAxes {
  readonly #steps: Column;
  readonly #epochs: Column;
  readonly #hours: Column;
  readonly #tokens: Column;
  #begin: number | undefined;

  constructor(store: BlockStore = new BlockStore(), state?: AxesState) {
    this.#steps = new Column(store, state?.steps);
    this.#epochs = new Column(store, state?.epochs);
    this.#hours = new Column(store, state?.hours);
    this.#tokens = new Column(store, state?.tokens);
    this.#begin = state?.begin;
  }

  get state(): AxesState {
    return {
      steps: this.#steps.state,
      epochs: this.#epochs.state,
      hours: this.#hours.state,
      tokens: this.#tokens.state,
      begin: this.#begin,
    };
  }

  get steps(): Column {
    return this.#steps;
  }

  get epochs(): Column {
    return this.#epochs;
  }

  /** Takes in a step with its epoch and the moment (ms since the epoch) of its first number; one that is known stays. */
  add(step: number, epoch: number, moment: number, tokens?: unknown): void {
    const isNext = this.#steps.length > 0 && step > this.#steps.at(this.#steps.length - 1);
    const row = isNext ? this.#steps.length : this.#steps.lowerBound(step);
    if (this.#steps.at(row) === step) return;
    if (!isNext) this.truncate(row);
    this.#begin ??= moment;
    const hours = (moment - this.#begin) / 3_600_000;
    // A clock that was set back must not let a line run backwards.
    const before = row > 0 ? this.#hours.at(row - 1) : 0;
    this.#steps.push(step);
    this.#epochs.push(epoch);
    this.#hours.push(Number.isFinite(hours) ? Math.max(before, hours) : before);
    const counted = row > 0 ? this.#tokens.at(row - 1) : 0;
    this.#tokens.push(typeof tokens === 'number' && tokens > counted ? tokens : counted);
  }

  truncate(rows: number): void {
    for (const each of [this.#steps, this.#epochs, this.#hours, this.#tokens]) each.truncate(rows);
  }

  /** Whether the run tells where its steps lie on an axis. */
  knows(axis: MetricsAxis): boolean {
    return axis !== 'tokens' || this.#tokens.at(this.#tokens.length - 1) > 0;
  }

  #on(axis: Exclude<MetricsAxis, 'step'>): Column {
    return { epoch: this.#epochs, time: this.#hours, tokens: this.#tokens }[axis];
  }

  /** A step in the unit of an axis. */
  place(axis: MetricsAxis, step: number): number {
    if (axis === 'step') return step;
    const values = this.#on(axis);
    const row = Math.min(this.#steps.lowerBound(step), values.length - 1);
    return values.length > 0 ? values.at(row) : 0;
  }

  /** The steps of a stretch of an axis. */
  stepsWithin(axis: MetricsAxis, [from, to]: readonly [number, number]): [number, number] {
    if (axis === 'step') return [from, to];
    const values = this.#on(axis);
    const last = Math.max(0, values.length - 1);
    const stepAt = (value: number) =>
      this.#steps.length > 0 ? this.#steps.at(Math.min(last, values.lowerBound(value))) : 0;
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
