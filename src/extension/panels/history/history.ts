import { fromWire, toWire } from '../../../protocol/numbers.ts';
import type { EvaluationResult } from '../../../protocol/evaluation.ts';
import type { MetricsEvent } from '../../../protocol/events.ts';
import type { RunNotice, TablePage, TableRow } from '../../../protocol/webview.ts';
import { isFinal, type RunEvent } from '../../../protocol/events.ts';
import { StepAxes } from './axis.ts';
import { Series } from './series.ts';

/** Rows on one page of the table. */
export const PAGE_ROWS = 50;

/** One metric of a run's history. */
export interface MetricSeries {
  metric: string;
  split: MetricsEvent['split'];
  series: Series;
}

/**
 * What the events of one run add up to for the panel: every metric at full resolution, warnings and errors, and evaluations. After a
 * resume the run may be behind where it was: what it does again takes the place of what it did before.
 */
export class History {
  readonly #metrics = new Map<string, MetricSeries>();
  readonly #axes = new StepAxes();
  readonly #notices = new Map<string, RunNotice>();
  readonly #evaluations = new Map<string, EvaluationResult>();
  readonly #resumedAt: number[] = [];
  #lastMoment: number | undefined;
  #trainStep = 0;
  #starting = false;
  #ended = false;

  /** In the order in which they first came. */
  get metrics(): Iterable<MetricSeries> {
    return this.#metrics.values();
  }

  /** Oldest first; errors of an attempt that was resumed are forgotten. */
  get notices(): RunNotice[] {
    return [...this.#notices.values()].map((notice) => ({ ...notice }));
  }

  get evaluations(): ReadonlyMap<string, EvaluationResult> {
    return this.#evaluations;
  }

  /** All values of a metric, `[n]`; none where there is no such metric. */
  valuesOf(split: MetricsEvent['split'], metric: string): Float64Array {
    return this.#metrics.get(`${split}/${metric}`)?.series.values ?? new Float64Array(0);
  }

  /** When the last event came, in ms since the epoch. */
  get lastMoment(): number | undefined {
    return this.#lastMoment;
  }

  /** Where its steps lie on other axes. */
  get axes(): StepAxes {
    return this.#axes;
  }

  /** Steps that the run went on from when it was resumed. */
  get resumedAt(): readonly number[] {
    return this.#resumedAt;
  }

  add(events: Iterable<RunEvent>): void {
    for (const event of events) {
      this.#apply(event);
      const moment = Date.parse(event.time);
      if (!Number.isNaN(moment)) this.#lastMoment = moment;
    }
  }

  /** A page of all numbers, one row a step; the last page for a number beyond it. */
  page(runId: string, page: number): TablePage {
    const metrics = [...this.metrics];
    const { steps, epochs } = this.#axes;
    const rowCount = steps.length;
    const pages = Math.max(1, Math.ceil(rowCount / PAGE_ROWS));
    const at = Math.min(Math.max(0, page), pages - 1);
    const firstRow = at * PAGE_ROWS;
    const rows: TableRow[] = [];
    for (let i = firstRow; i < Math.min(firstRow + PAGE_ROWS, rowCount); i++) {
      const step = steps.view[i] ?? 0;
      const values = metrics.map(({ series }) => series.at(step));
      rows.push({
        step,
        epoch: epochs.view[i] ?? 0,
        values: values.map((value) => (value === undefined ? null : toWire(value))),
      });
    }
    return { runId, page: at, pages, rowCount, firstRow, columns: metrics.map(({ metric }) => metric), rows };
  }

  #apply(event: RunEvent): void {
    switch (event.type) {
      case 'metrics':
        this.#addMetrics(event);
        break;
      case 'warning':
      case 'error':
        this.#notice({ ...event, severity: event.type, count: 1 });
        break;
      case 'evaluation':
        this.#evaluations.set(event.name, event.result);
        break;
      case 'state':
        if (this.#ended && !isFinal(event.state)) this.#forgetErrors();
        this.#ended = isFinal(event.state);
        this.#starting ||= event.state === 'preparing';
        break;
      case 'progress':
      case 'sample':
      case 'checkpoint':
        break;
    }
  }

  #addMetrics({ split, step, epoch, tokens, values, time }: MetricsEvent & { time: string }): void {
    if (split === 'train') {
      if (this.#trainStep > 0 && (this.#starting || step <= this.#trainStep)) this.#resumeBefore(step);
      this.#trainStep = step;
      this.#starting = false;
    }
    this.#axes.add(step, epoch, Date.parse(time), tokens ?? values['num_input_tokens_seen']);
    for (const [metric, value] of Object.entries(values)) {
      const key = `${split}/${metric}`;
      let known = this.#metrics.get(key);
      if (!known) this.#metrics.set(key, (known = { metric, split, series: new Series() }));
      known.series.set(step, fromWire(value));
    }
  }

  #resumeBefore(step: number): void {
    while ((this.#resumedAt[this.#resumedAt.length - 1] ?? -1) >= step - 1) this.#resumedAt.pop();
    this.#resumedAt.push(step - 1);
    this.#axes.truncate(this.#axes.steps.lowerBound(step));
    for (const { series } of this.#metrics.values()) series.truncateFrom(step);
  }

  #notice({ severity, code, message, hint }: RunNotice): void {
    const key = `${severity} ${code} ${message}`;
    const known = this.#notices.get(key);
    if (known) known.count++;
    else
      this.#notices.set(key, { severity, code, message, ...(hint === undefined ? {} : { hint }), count: 1 });
  }

  #forgetErrors(): void {
    for (const [key, { severity }] of this.#notices) if (severity === 'error') this.#notices.delete(key);
  }
}
