import { runTitle, stateWord } from '../../../protocol/describe-run.ts';
import { lowerIsBetter } from '../../../protocol/display.ts';
import { fromWire, toWire } from '../../../protocol/numbers.ts';
import { SYSTEM_METRICS } from '../../../protocol/webview.ts';
import type {
  PanelRun,
  PanelSeries,
  ParameterValue,
  RunsTableState,
  SeriesFacts,
} from '../../../protocol/webview.ts';
import { baseName, columnTitle, valueWord } from '../words.ts';

/** The table of runs: what they were made with and how they came out. Pure. */

/** One column: a parameter that differs among the runs, or a metric. */
export interface RunColumn {
  /** `train.learning_rate`, or `metric eval_loss`. */
  id: string;
  /** The words at its head: as short as they are without doubt. */
  title: string;
  kind: 'parameter' | 'metric';
  /** The name of the metric. */
  metric?: string;
}

/** A value of a row; undefined where the run has none. Metrics are numbers, NaN and infinity included. */
export type Cell = ParameterValue | undefined;

export interface RunRow {
  run: PanelRun;
  id: string;
  name: string;
  /** How it stands, as a word. */
  state: string;
  /** Its place in the panel, from 1: the number and the colour of its lines. */
  number: number;
  isPinned: boolean;
  /** By the ids of the columns. */
  cells: ReadonlyMap<string, Cell>;
}

export interface RunsTable {
  columns: RunColumn[];
  /** In the order of the panel. */
  rows: RunRow[];
}

interface Source {
  runs: readonly PanelRun[];
  parameters: ReadonlyMap<string, Readonly<Record<string, ParameterValue>>>;
  series: Iterable<PanelSeries>;
  values: RunsTableState['values'];
}

/** What is set or follows from what is set, and tells nothing of how a run came out. */
const NO_OUTCOME = new Set(['learning_rate', 'grad_norm']);

/** Makes the table of runs that train. */
export function makeRunsTable({ runs, parameters, series, values }: Source): RunsTable {
  const numbers = new Map(runs.map(({ id }, i) => [id, i + 1]));
  const training = runs.filter(({ summary }) => summary?.kind !== 'evaluate');
  const names = differing(training.map(({ id }) => parameters.get(id)).filter((one) => one !== undefined));
  const outcomes = new Map<string, Map<string, number>>();
  for (const { runId, metric, facts } of series) {
    if (NO_OUTCOME.has(metric) || metric.startsWith(SYSTEM_METRICS)) continue;
    const value = values === 'best' ? bestOf(metric, facts) : lastOf(facts);
    if (value === undefined) continue;
    if (!outcomes.has(metric)) outcomes.set(metric, new Map());
    outcomes.get(metric)?.set(runId, value);
  }
  const rows = training.map((run): RunRow => {
    const own = parameters.get(run.id) ?? {};
    const cells = new Map<string, Cell>(names.map((name) => [name, own[name]]));
    for (const [metric, byRun] of outcomes) cells.set(metricId(metric), byRun.get(run.id));
    return {
      run,
      id: run.id,
      name: run.summary ? runTitle(run.summary) : run.id,
      state: run.summary ? stateWord(run.summary) : 'not found',
      number: numbers.get(run.id) ?? 0,
      isPinned: run.summary?.meta?.pinned === true,
      cells,
    };
  });
  const metrics = [...outcomes.keys()].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  return { columns: [...parameterColumns(names), ...metrics.map(outcomeColumn)], rows };
}

/** The id of the column of a metric. */
export function metricId(metric: string): string {
  return `metric ${metric}`;
}

/** A cell in words; empty where there is nothing. */
export function cellText({ metric }: RunColumn, cell: Cell): string {
  if (cell === undefined) return '';
  if (metric !== undefined && typeof cell === 'number') return valueWord(metric, toWire(cell));
  return String(cell);
}

/** Names of parameters that not all runs have alike, in the order in which configs have them. */
function differing(all: readonly Readonly<Record<string, ParameterValue>>[]): string[] {
  const names = [...new Set(all.flatMap((one) => Object.keys(one)))];
  return names.filter((name) => all.some((one) => one[name] !== all[0]?.[name]));
}

function parameterColumns(names: readonly string[]): RunColumn[] {
  const short = (id: string) => id.slice(id.lastIndexOf('.') + 1);
  return names.map((id) => {
    const isAlone = /^\S*$/.test(id) && names.filter((other) => short(other) === short(id)).length === 1;
    return { id, title: isAlone ? short(id) : id, kind: 'parameter' };
  });
}

function outcomeColumn(metric: string): RunColumn {
  return { id: metricId(metric), title: columnTitle(metric), kind: 'metric', metric };
}

/** Evaluations before the training loss, throughput last. */
function rank(metric: string): number {
  if (metric.startsWith('eval_')) return metric === 'eval_loss' ? 0 : 1;
  return metric === 'loss' ? 2 : 3;
}

function lastOf({ last }: SeriesFacts): number | undefined {
  return last && fromWire(last.value);
}

/** The best finite value of all; of a metric that was never a finite number its last. */
function bestOf(metric: string, facts: SeriesFacts): number | undefined {
  const best = lowerIsBetter(baseName(metric)) ? facts.min : facts.max;
  return best?.value ?? lastOf(facts);
}
