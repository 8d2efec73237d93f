import type {
  MetricsAxis,
  MetricsPanelState,
  MetricsUpdate,
  MetricsView,
  PanelEvaluation,
  PanelRun,
  PanelSeries,
  RunParameters,
  RunSample,
  RunsTableState,
  TablePage,
} from '../../protocol/webview.ts';
import type { Brushes } from './runs/parallel.ts';
import { UNSCROLLED, type TableScroll } from './runs/visible.ts';
import { announceChange } from './run-words.ts';
import { AXIS_TITLES, rangeWords } from './axis-words.ts';

/** All that the page shows. Changed only by the functions here; drawn by `view/`. */
export interface PanelModel {
  /** Undefined until the host has answered. */
  runs: PanelRun[] | undefined;
  /** Runs that are known from before a reload, to name them while the host still reads. */
  known: MetricsPanelState['runs'];
  series: ReadonlyMap<string, PanelSeries>;
  /** What runs were made with, by their ids. */
  parameters: ReadonlyMap<string, RunParameters['values']>;
  evaluations: PanelEvaluation[];
  /** What runs answered while they trained, by their ids, … */
  samples: ReadonlyMap<string, RunSample[]>;
  /** … and the step that is looked at; undefined for the newest. */
  sampleStep: number | undefined;
  table: TablePage | undefined;
  loading: boolean;
  smoothing: number;
  logScale: boolean;
  /** The axis below is logarithmic. */
  logX: boolean;
  /** Outliers are left beyond the axis. */
  clip: boolean;
  axis: MetricsAxis;
  show: 'charts' | 'table';
  /** What is zoomed to, in the unit of the axis; undefined for all. */
  range: [number, number] | undefined;
  /** The page of the table that is wanted. */
  tablePage: { runId: string; page: number } | undefined;
  buckets: number;
  /** Runs whose lines are not drawn. */
  hidden: readonly string[];
  runsTable: RunsTableState;
  /** The run whose row the keyboard is on. */
  activeRun: string | undefined;
  /** How far the table of runs is scrolled. */
  runsScroll: TableScroll;
  /** What is chosen on the axes of the parallel coordinates, … */
  brushes: Brushes;
  /** … and the metric that has one; undefined for the first of the table. */
  parallelMetric: string | undefined;
  /** What a screen reader is told. */
  announcement: string;
}

/** How the page begins, by what survived. */
export function startModel(state: MetricsPanelState): PanelModel {
  return {
    runs: undefined,
    known: state.runs,
    series: new Map(),
    parameters: new Map(),
    evaluations: [],
    samples: new Map(),
    sampleStep: undefined,
    table: undefined,
    loading: true,
    smoothing: state.smoothing,
    logScale: state.logScale,
    logX: state.logX ?? false,
    clip: state.clip ?? false,
    axis: state.axis ?? 'step',
    show: state.show,
    range: undefined,
    tablePage: undefined,
    buckets: 800,
    hidden: state.hidden ?? [],
    runsTable: state.runsTable ?? {},
    activeRun: undefined,
    runsScroll: UNSCROLLED,
    brushes: {},
    parallelMetric: undefined,
    announcement: '',
  };
}

/** Takes in what the host sent. */
export function applyUpdate(model: PanelModel, update: MetricsUpdate): PanelModel {
  const runs = update.runs ?? model.runs;
  const gone = new Set([...(update.cleared ?? []), ...removed(model, update)]);
  const series = new Map([...model.series].filter(([, { runId }]) => !gone.has(runId)));
  for (const one of update.series ?? []) series.set(`${one.runId}\n${one.split}\n${one.metric}`, one);
  const samples = new Map([...model.samples].filter(([runId]) => !gone.has(runId)));
  for (const one of update.samples ?? []) samples.set(one.runId, one.samples);
  const evaluations = model.evaluations.filter(
    (old) =>
      !gone.has(old.runId) &&
      !update.evaluations?.some(({ runId, name }) => runId === old.runId && name === old.name),
  );
  return {
    ...model,
    runs,
    series,
    samples,
    parameters: update.parameters
      ? new Map([
          ...model.parameters,
          ...update.parameters.map(({ runId, values }) => [runId, values] as const),
        ])
      : model.parameters,
    evaluations: [...evaluations, ...(update.evaluations ?? [])],
    table: update.table ?? model.table,
    tablePage: fittingTablePage(model, runs),
    loading: update.loading ?? model.loading,
    announcement: announce(model, update) ?? model.announcement,
  };
}

/** Which page of the table is turned to, from the one that is open or asked for. */
export type PageTurn = 'first' | 'previous' | 'next' | 'last';

/** Turns the pages of the table that is open. */
export function turnPage(model: PanelModel, to: PageTurn): PanelModel {
  const { tablePage, table } = model;
  if (!tablePage || table?.runId !== tablePage.runId) return model;
  const last = table.pages - 1;
  const page = { first: 0, previous: tablePage.page - 1, next: tablePage.page + 1, last }[to];
  return openPage(model, tablePage.runId, Math.min(last, Math.max(0, page)));
}

/** Opens a page of the table of a run, and says which. */
export function openPage(model: PanelModel, runId: string, page: number): PanelModel {
  const pages = model.table?.runId === runId ? model.table.pages : undefined;
  const announcement = pages === undefined ? model.announcement : `Page ${page + 1} of ${pages}.`;
  return { ...model, tablePage: { runId, page }, announcement };
}

/** Zooms to a stretch of steps, or to all of them, and says so. */
export function zoomTo(model: PanelModel, range: PanelModel['range']): PanelModel {
  const announcement = range ? `${rangeWords(model.axis, range)}.` : 'All steps.';
  return { ...model, range, announcement };
}

/** Draws over another axis. A stretch of the former one means nothing there. */
export function setAxis(model: PanelModel, axis: MetricsAxis): PanelModel {
  if (axis === model.axis) return model;
  return { ...model, axis, range: undefined, announcement: `By ${AXIS_TITLES[axis].toLowerCase()}.` };
}

/** What the host is asked to compute. */
export function viewOf({ smoothing, axis, logX, range, buckets, show, tablePage }: PanelModel): MetricsView {
  return {
    smoothing,
    buckets,
    ...(axis === 'step' ? {} : { axis }),
    ...(logX ? { logX } : {}),
    ...(range ? { range } : {}),
    ...(show === 'table' && tablePage ? { table: tablePage } : {}),
  };
}

/** What is kept for after a reload. */
export function stateOf({
  runs,
  known,
  smoothing,
  logScale,
  logX,
  clip,
  axis,
  show,
  hidden,
  runsTable,
}: PanelModel): MetricsPanelState {
  const kept = runs?.map(({ id, dir }) => ({ id, ...(dir === undefined ? {} : { dir }) }));
  return {
    runs: kept ?? known,
    smoothing,
    logScale,
    ...(logX ? { logX } : {}),
    ...(clip ? { clip } : {}),
    ...(axis === 'step' ? {} : { axis }),
    show,
    ...(hidden.length > 0 ? { hidden: [...hidden] } : {}),
    ...(Object.keys(runsTable).length > 0 ? { runsTable } : {}),
  };
}

function removed({ runs }: PanelModel, update: MetricsUpdate): string[] {
  if (!update.runs) return [];
  const kept = new Set(update.runs.map(({ id }) => id));
  return (runs ?? []).map(({ id }) => id).filter((id) => !kept.has(id));
}

/** The table is of a run that is there: the one that is chosen, else the first that trains. */
function fittingTablePage(
  { tablePage }: PanelModel,
  runs: readonly PanelRun[] | undefined,
): PanelModel['tablePage'] {
  if (tablePage && runs?.some(({ id }) => id === tablePage.runId)) return tablePage;
  const first = runs?.find(({ summary }) => summary?.kind !== 'evaluate');
  return first && { runId: first.id, page: 0 };
}

function announce({ runs }: PanelModel, update: MetricsUpdate): string | undefined {
  const changes = (update.runs ?? []).map((run) =>
    announceChange(
      runs?.find(({ id }) => id === run.id),
      run,
    ),
  );
  return changes.filter((change) => change !== undefined).join(' ') || undefined;
}
