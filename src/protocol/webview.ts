import type { EvaluationResult } from './evaluation.ts';
import type { MetricsEvent } from './events.ts';
import type { WireNumber } from './numbers.ts';
import type { RunSummary } from './run.ts';

/**
 * Messages between the extension host and the metrics panel. Each side handles every member of its union. The panel says what it
 * wants to see ({@link MetricsView}); the host sends what changed of that, a few times a second at most. Every part of an update
 * replaces what was sent before for the same thing, so a message that got lost is healed by the next.
 */

export type ToMetricsPanel = { type: 'update' } & MetricsUpdate;

export type FromMetricsPanel =
  /** The page is there (for the first time, or again after it was hidden): everything is to be sent. */
  | { type: 'ready'; view: MetricsView }
  | { type: 'view'; view: MetricsView }
  | { type: 'command'; command: MetricsCommand; runId: string }
  /** Asks the person which runs to show together. */
  | { type: 'compare' }
  /** Asks where to save all numbers of all runs of the panel. */
  | { type: 'exportCsv' }
  /** Asks where to save a picture of charts, and as which of the two. */
  | {
      type: 'exportPicture';
      /** The metric that it shows, or `charts` for all: a part of the name of the file. */
      name: string;
      svg: string;
      png: Uint8Array;
    };

/** What can be done with one run of the panel; `remove` takes it off the panel and leaves it on disk, `addParent` puts the run that it comes from before it. */
export type MetricsCommand =
  'stop' | 'openFolder' | 'showLog' | 'openComparison' | 'pin' | 'unpin' | 'remove' | 'addParent';

/** What the numbers are drawn over: optimizer steps, epochs done, hours since the run's first number, or tokens trained on. */
export const METRICS_AXES = ['step', 'epoch', 'time', 'tokens'] as const;
export type MetricsAxis = (typeof METRICS_AXES)[number];

/** What the panel shows of the runs' numbers, and so what the host computes. */
export interface MetricsView {
  /** Weight of the past in the moving average, from 0 (none) to below 1. */
  smoothing: number;
  /** Without it steps. */
  axis?: MetricsAxis;
  /** What is zoomed to, in the unit of the axis, both ends included; without it everything. */
  range?: [from: number, to: number];
  /** The axis is logarithmic. */
  logX?: boolean;
  /** How many buckets a series may be drawn with: about one a pixel. */
  buckets: number;
  /** The page of the table that is open, from 0. */
  table?: { runId: string; page: number };
}

/** What changed. A part that is not there has not changed. */
export interface MetricsUpdate {
  /** All runs of the panel, in its order. */
  runs?: PanelRun[];
  /** What runs were made with; of each run once. */
  parameters?: RunParameters[];
  /** Series that changed; each replaces the one of the same run, split and metric. */
  series?: PanelSeries[];
  /** Runs whose series are to be forgotten first: their file was replaced, or they were taken off the panel. */
  cleared?: string[];
  evaluations?: PanelEvaluation[];
  /** All samples of runs that have new ones. */
  samples?: PanelSamples[];
  table?: TablePage;
  /** Events of these runs are still being read. */
  loading?: boolean;
}

/** One run of the panel. */
export interface PanelRun {
  id: string;
  /** The run directory, once it is known. */
  dir?: string;
  summary?: RunSummary;
  /** Why there is no summary, as a sentence. */
  absent?: string;
  /** What a person should know, oldest first. */
  notices: RunNotice[];
}

/** A value of a field of a config, or of what else `run.json` holds. */
export type ParameterValue = string | number | boolean | null;

/** What a run was made with, by the path of the field (`train.learning_rate`). */
export interface RunParameters {
  runId: string;
  values: Record<string, ParameterValue>;
}

/** A warning or error of a run; said once, however often it came. */
export interface RunNotice {
  severity: 'warning' | 'error';
  code: string;
  message: string;
  hint?: string;
  count: number;
}

/** What the names of metrics begin with that are of the machine and not of the model. */
export const SYSTEM_METRICS = 'system/';

/** One metric of one run as it is drawn. */
export interface PanelSeries {
  runId: string;
  metric: string;
  split: MetricsEvent['split'];
  points: PointArrays;
  /** The moving average over all values, reduced after it was taken; not there without smoothing. */
  smoothed?: PointArrays;
  /** In steps, whatever the axis. */
  facts: SeriesFacts;
  /** The run does not tell where its steps lie on the axis: nothing of it is drawn. */
  isUnplaced?: true;
  /** Where the stretches and the resumes of `facts` lie on the axis, in their order; without it at their steps. */
  marks?: { nonFinite: [from: number, to: number][]; resumedAt: number[] };
}

/** Places on the axis, ascending, and the value at each. A value that is not finite is a gap, and stands in {@link SeriesFacts.nonFinite}. */
export interface PointArrays {
  x: Float64Array;
  y: Float64Array;
}

export interface Point {
  step: number;
  value: number;
}

/** What is true of all values of a series, at full resolution and whatever the zoom. */
export interface SeriesFacts {
  /** How many values there are, non-finite ones included. */
  count: number;
  first?: { step: number; value: WireNumber };
  last?: { step: number; value: WireNumber };
  /** Of the finite values. */
  min?: Point;
  max?: Point;
  /** Where the recent past goes; not there while there is too little of it. */
  trend?: 'rising' | 'falling' | 'level';
  /** Where values were NaN or infinite, ascending. */
  nonFinite: NonFiniteSpan[];
  /** Steps that the run went on from after it had been ahead of them: values after them were taken back. */
  resumedAt: number[];
}

/** A stretch of values that are not finite. */
export interface NonFiniteSpan {
  from: number;
  to: number;
  count: number;
  kinds: Exclude<WireNumber, number>[];
}

/** Results of an evaluation document, or of the evaluation at the end of a run. */
export interface PanelEvaluation {
  runId: string;
  name: string;
  result: EvaluationResult;
}

/** What a run answered to a prompt after a step. */
export interface RunSample {
  step: number;
  prompt: string;
  output: string;
}

/** What a run answered while it trained, oldest first. */
export interface PanelSamples {
  runId: string;
  samples: RunSample[];
}

/** Some rows of all numbers of a run: one a step, at full resolution. */
export interface TablePage {
  runId: string;
  page: number;
  pages: number;
  /** How many rows all pages have together, and the number of this page's first one, from 0. */
  rowCount: number;
  firstRow: number;
  columns: string[];
  rows: TableRow[];
}

export interface TableRow {
  step: number;
  epoch: number;
  /** One a column; null where the step has no such value. */
  values: (WireNumber | null)[];
}

/** What survives a reload of the window. */
export interface MetricsPanelState {
  runs: { id: string; dir?: string }[];
  smoothing: number;
  logScale: boolean;
  /** The axis below is logarithmic. */
  logX?: boolean;
  /** Outliers are left beyond the axis. */
  clip?: boolean;
  /** Without it steps. */
  axis?: MetricsAxis;
  show: 'charts' | 'table';
  /** Runs whose lines are not drawn. */
  hidden?: string[];
  runsTable?: RunsTableState;
}

/** How the table of runs is shown. */
export interface RunsTableState {
  /** Words and comparisons (`loss<0.5`) that rows must fit. */
  filter?: string;
  /** By the id of a column; without it as the panel has them, pinned ones first. */
  sort?: { column: string; descending: boolean };
  /** Which value of a metric is shown: the last (without this) or the best one. */
  values?: 'best';
}
