import {
  METRICS_AXES,
  type MetricsAxis,
  type MetricsPanelState,
  type RunsTableState,
} from '../../protocol/webview.ts';

/** How a panel begins that was never open before. */
export const INITIAL_STATE: Readonly<MetricsPanelState> = {
  runs: [],
  smoothing: 0.8,
  logScale: false,
  show: 'charts',
};

/**
 * What a panel kept over a reload, from whatever the window gives back: another version may have written it, or it may be lost.
 * Parts that cannot be used are those of {@link INITIAL_STATE}.
 */
export function readPanelState(value: unknown): MetricsPanelState {
  if (!isRecord(value)) return { ...INITIAL_STATE };
  const { runs, smoothing, logScale, clip, axis, show, hidden } = value;
  const runsTable = readRunsTable(value.runsTable);
  return {
    runs: Array.isArray(runs) ? runs.flatMap(readRun) : [],
    smoothing:
      typeof smoothing === 'number' && smoothing >= 0 && smoothing < 1 ? smoothing : INITIAL_STATE.smoothing,
    logScale: logScale === true,
    ...(clip === true ? { clip } : {}),
    ...(value.logX === true ? { logX: true } : {}),
    ...(isAxis(axis) && axis !== 'step' ? { axis } : {}),
    show: show === 'table' ? 'table' : 'charts',
    ...(Array.isArray(hidden) ? { hidden: hidden.filter((id) => typeof id === 'string') } : {}),
    ...(runsTable ? { runsTable } : {}),
  };
}

/** Whether a value names an axis. */
function isAxis(value: unknown): value is MetricsAxis {
  return METRICS_AXES.some((axis) => axis === value);
}

function readRunsTable(value: unknown): RunsTableState | undefined {
  if (!isRecord(value)) return undefined;
  const { filter, sort, values } = value;
  return {
    ...(typeof filter === 'string' ? { filter } : {}),
    ...(isRecord(sort) && typeof sort.column === 'string'
      ? { sort: { column: sort.column, descending: sort.descending === true } }
      : {}),
    ...(values === 'best' ? { values } : {}),
  };
}

function readRun(value: unknown): MetricsPanelState['runs'] {
  if (!isRecord(value) || typeof value.id !== 'string') return [];
  return [{ id: value.id, ...(typeof value.dir === 'string' ? { dir: value.dir } : {}) }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
