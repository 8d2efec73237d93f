import { fromWire, toWire } from '../../../protocol/numbers.ts';
import type { EvaluationResult } from '../../../protocol/evaluation.ts';
import type { MetricsEvent } from '../../../protocol/events.ts';
import {
  SYSTEM_METRICS,
  type RunNotice,
  type RunSample,
  type TablePage,
  type TableRow,
} from '../../../protocol/webview.ts';
import { isFinal, type RunEvent } from '../../../protocol/events.ts';
import { BlockStore } from '../../../runs/columns/block-store.ts';
import { type AxesState, StepAxes } from './axis.ts';
import { LossStretches } from './alerts.ts';
import { Moments } from './moments.ts';
import { Series, type SeriesState } from './series.ts';

/** Rows on one page of the table. */
export const PAGE_ROWS = 50;

/** One metric of a run's history. */
export interface MetricSeries {
  metric: string;
  split: MetricsEvent['split'];
  series: Series;
}

/** A history as it is written down; arrays of numbers are valid until the next change. */
export interface HistoryState {
  metrics: { metric: string; split: MetricsEvent['split']; series: SeriesState }[];
  axes: AxesState;
  notices: [string, RunNotice][];
  evaluations: [string, EvaluationResult][];
  resumedAt: number[];
  samples: readonly RunSample[];
  stretches: LossStretches['state'];
  lastMoment?: number | undefined;
  trainStep: number;
  starting: boolean;
  ended: boolean;
}

/** The names of the files that the blocks of a history lie in. */
export function blockFilesOf({ metrics, axes }: HistoryState): Set<string> {
  const columns = [
    axes.steps,
    axes.epochs,
    axes.hours,
    axes.tokens,
    ...metrics.flatMap(({ series }) => [series.x, series.y]),
  ];
  return new Set(
    columns.flatMap(({ blocks }) => blocks.flatMap((block) => ('file' in block ? [block.file] : []))),
  );
}

/**
 * What the events of one run add up to for the panel: every metric at full resolution, warnings and errors, and evaluations. After a
 * resume the run may be behind where it was: what it does again takes the place of what it did before.
 */
export class History {
  readonly #metrics: MetricSeries[] = [];
  readonly #bySplit = { train: new Map<string, Series>(), eval: new Map<string, Series>() };
  readonly #axes: StepAxes;
  readonly #notices: Map<string, RunNotice>;
  readonly #evaluations: Map<string, EvaluationResult>;
  readonly #resumedAt: number[];
  /** Another list whenever one is added. */
  #samples: readonly RunSample[];
  readonly #store: BlockStore;
  #stretches: LossStretches;
  readonly #moments = new Moments();
  #lastMoment: number | undefined;
  #trainStep: number;
  #starting: boolean;
  #ended: boolean;

  /**
   * @param store keeps the numbers; of its own in memory without it
   * @param state what an earlier history wrote down whose numbers lie in the store
   */
  constructor(store: BlockStore = new BlockStore(), state?: HistoryState) {
    this.#store = store;
    this.#axes = new StepAxes(store, state?.axes);
    this.#notices = new Map(state?.notices);
    this.#evaluations = new Map(state?.evaluations);
    this.#resumedAt = state?.resumedAt ?? [];
    this.#samples = state?.samples ?? [];
    this.#stretches = new LossStretches(state?.stretches);
    this.#lastMoment = state?.lastMoment;
    this.#trainStep = state?.trainStep ?? 0;
    this.#starting = state?.starting ?? false;
    this.#ended = state?.ended ?? false;
    for (const { metric, split, series } of state?.metrics ?? []) {
      const restored = new Series(store, series);
      this.#bySplit[split].set(metric, restored);
      this.#metrics.push({ metric, split, series: restored });
    }
  }

  /** Only of a history whose store persists. */
  get state(): HistoryState {
    return {
      metrics: this.#metrics.map((each) => ({ ...each, series: each.series.state })),
      axes: this.#axes.state,
      notices: [...this.#notices],
      evaluations: [...this.#evaluations],
      resumedAt: this.#resumedAt,
      samples: this.#samples,
      stretches: this.#stretches.state,
      lastMoment: this.#lastMoment,
      trainStep: this.#trainStep,
      starting: this.#starting,
      ended: this.#ended,
    };
  }

  /** In the order in which they first came. */
  get metrics(): Iterable<MetricSeries> {
    return this.#metrics;
  }

  /** Oldest first; errors of an attempt that was resumed are forgotten. */
  get notices(): RunNotice[] {
    return [...this.#notices.values()].map((notice) => ({ ...notice }));
  }

  get evaluations(): ReadonlyMap<string, EvaluationResult> {
    return this.#evaluations;
  }

  /** What the model answered while it trained, oldest first; another list whenever there is a new one. */
  get samples(): readonly RunSample[] {
    return this.#samples;
  }

  /** All losses of evaluations, `[n]`. */
  get evalLosses(): Float64Array {
    const series = this.#bySplit.eval.get('eval_loss');
    return series?.values(0, series.length) ?? new Float64Array(0);
  }

  /** How the training loss went, stretch by stretch. */
  get stretches(): LossStretches {
    return this.#stretches;
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
      const moment = this.#moments.of(event.time);
      this.#apply(event, moment);
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
      const step = steps.at(i);
      const values = metrics.map(({ series }) => series.at(step));
      rows.push({
        step,
        epoch: epochs.at(i),
        values: values.map((value) => (value === undefined ? null : toWire(value))),
      });
    }
    return { runId, page: at, pages, rowCount, firstRow, columns: metrics.map(({ metric }) => metric), rows };
  }

  #apply(event: RunEvent, moment: number): void {
    switch (event.type) {
      case 'metrics':
        this.#addMetrics(event, moment);
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
      case 'system':
        for (const name in event.values) {
          const value = event.values[name];
          if (value !== undefined)
            this.#seriesOf('train', `${SYSTEM_METRICS}${name}`).set(event.step, fromWire(value));
        }
        break;
      case 'sample': {
        const { step, prompt, output } = event;
        this.#samples = [...this.#samples, { step, prompt, output }];
        break;
      }
      case 'progress':
      case 'checkpoint':
        break;
    }
  }

  #addMetrics({ split, step, epoch, tokens, values }: MetricsEvent, moment: number): void {
    if (split === 'train') {
      if (this.#trainStep > 0 && (this.#starting || step <= this.#trainStep)) this.#resumeBefore(step);
      this.#trainStep = step;
      this.#starting = false;
    }
    this.#axes.add(step, epoch, moment, tokens ?? values['num_input_tokens_seen']);
    for (const metric in values) {
      const wire = values[metric];
      if (wire === undefined) continue;
      const value = fromWire(wire);
      this.#seriesOf(split, metric).set(step, value);
      if (metric === 'loss' && split === 'train') this.#stretches.push(value);
    }
  }

  #seriesOf(split: MetricsEvent['split'], metric: string): Series {
    const known = this.#bySplit[split].get(metric);
    if (known) return known;
    const series = new Series(this.#store);
    this.#bySplit[split].set(metric, series);
    this.#metrics.push({ metric, split, series });
    return series;
  }

  #resumeBefore(step: number): void {
    while ((this.#resumedAt[this.#resumedAt.length - 1] ?? -1) >= step - 1) this.#resumedAt.pop();
    this.#resumedAt.push(step - 1);
    this.#samples = this.#samples.filter((sample) => sample.step < step);
    this.#axes.truncate(this.#axes.steps.lowerBound(step));
    for (const { series } of this.#metrics) series.truncateFrom(step);
    this.#stretches = new LossStretches();
    const loss = this.#bySplit.train.get('loss');
    for (const value of loss?.values(0, loss.length) ?? []) this.#stretches.push(value);
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
