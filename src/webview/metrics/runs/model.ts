import type { PanelModel } from '../model.ts';
import { countWord } from '../words.ts';
import {
  isWithin,
  moveBrush,
  parallelAxes,
  type BrushMove,
  type Brushes,
  type ParallelAxis,
} from './parallel.ts';
import { selectRows, type Selection } from './select.ts';
import { makeRunsTable, metricId, type RunsTable } from './table.ts';

/** What the table of runs and its parallel coordinates show, and how they change. Pure. */

/** Fewer runs than this have no shape that parallel coordinates would show. */
const LEAST_RUNS = 3;

export interface RunsOverview extends Selection {
  table: RunsTable;
  /** Axes of the parallel coordinates; none where there is nothing to see. */
  axes: ParallelAxis[];
  /** Ids of the metrics that can have an axis, and the one that has it. */
  metrics: string[];
  metric: string | undefined;
}

/** Makes the overview of the runs of a panel. */
export function overviewOf(model: PanelModel): RunsOverview {
  const { runs, parameters, series, runsTable, brushes } = model;
  const table = makeRunsTable({
    runs: runs ?? [],
    parameters,
    series: series.values(),
    values: runsTable.values,
  });
  const metrics = table.columns.filter(({ kind }) => kind === 'metric').map(({ id }) => id);
  const metric = metrics.find((id) => id === model.parallelMetric) ?? metrics[0];
  const all = parallelAxes(table, metric);
  const hasShape = table.rows.length >= LEAST_RUNS && all.length >= 2;
  const axes = hasShape ? all : [];
  return {
    table,
    ...selectRows(table, runsTable, (row) => isWithin(row, axes, brushes)),
    axes,
    metrics,
    metric,
  };
}

/** Draws the lines of a run, or no longer. */
export function toggleRun(model: PanelModel, id: string): PanelModel {
  const isHidden = model.hidden.includes(id);
  const hidden = isHidden ? model.hidden.filter((one) => one !== id) : [...model.hidden, id];
  const name = overviewOf(model).table.rows.find((row) => row.id === id)?.name ?? id;
  return { ...model, hidden, announcement: `${name} is ${isHidden ? 'drawn' : 'hidden'}.` };
}

/** Draws just the runs that fit the filter. */
export function drawFitting(model: PanelModel): PanelModel {
  const { rows, table } = overviewOf(model);
  const drawn = new Set(rows.map(({ id }) => id));
  const hidden = table.rows.map(({ id }) => id).filter((id) => !drawn.has(id));
  return { ...model, hidden, announcement: drawnWords(table.rows.length - hidden.length, table.rows.length) };
}

/** Draws the one run alone. */
export function drawOnly(model: PanelModel, id: string): PanelModel {
  const { rows } = overviewOf(model).table;
  const hidden = rows.map((row) => row.id).filter((one) => one !== id);
  return { ...model, hidden, announcement: drawnWords(1, rows.length) };
}

export function drawAll(model: PanelModel): PanelModel {
  return { ...model, hidden: [], announcement: 'All runs are drawn.' };
}

/** `3 of 20 runs are drawn.` */
export function drawnWords(drawn: number, all: number): string {
  return `${drawn} of ${countWord(all, 'run')} ${drawn === 1 ? 'is' : 'are'} drawn.`;
}

/** Filters the rows, and says how many are left. */
export function setFilter(model: PanelModel, filter: string): PanelModel {
  const { filter: _, ...rest } = model.runsTable;
  return told({ ...model, runsTable: filter === '' ? rest : { ...rest, filter } });
}

/** Sorts by a column: upwards, then downwards, then not. */
export function sortBy(model: PanelModel, column: string): PanelModel {
  const { sort, ...rest } = model.runsTable;
  if (sort?.column !== column)
    return { ...model, runsTable: { ...rest, sort: { column, descending: false } } };
  if (sort.descending) return { ...model, runsTable: rest };
  return { ...model, runsTable: { ...rest, sort: { column, descending: true } } };
}

/** Moves the keyboard over the rows as they are shown. */
export function moveRow(model: PanelModel, by: number): PanelModel {
  const { rows } = overviewOf(model);
  if (rows.length === 0) return model;
  const at = Math.max(
    0,
    rows.findIndex(({ id }) => id === model.activeRun),
  );
  const to = Math.min(rows.length - 1, Math.max(0, at + by));
  return { ...model, activeRun: rows[to]?.id };
}

/** Chooses a stretch of an axis; undefined for all of it. */
export function setBrush(model: PanelModel, column: string, brush: Brushes[string] | undefined): PanelModel {
  const { [column]: _, ...rest } = model.brushes;
  return told({ ...model, brushes: brush ? { ...rest, [column]: brush } : rest });
}

/** Moves an end of what is chosen on an axis. */
export function stepBrush(model: PanelModel, column: string, end: 0 | 1, move: BrushMove): PanelModel {
  const axis = overviewOf(model).axes.find((one) => one.column.id === column);
  return axis ? setBrush(model, column, moveBrush(axis, model.brushes[column], end, move)) : model;
}

/** Gives another metric the last axis; what was chosen on the former one is no choice any more. */
export function setParallelMetric(model: PanelModel, metric: string): PanelModel {
  const brushes = Object.fromEntries(
    Object.entries(model.brushes).filter(([id]) => !id.startsWith(metricId(''))),
  );
  return { ...model, parallelMetric: metric, brushes };
}

function told(model: PanelModel): PanelModel {
  const { rows, table, problem } = overviewOf(model);
  return {
    ...model,
    announcement: problem ?? `${rows.length} of ${countWord(table.rows.length, 'run')} fit.`,
  };
}
