import { SYSTEM_METRICS, type PanelRun, type PanelSeries } from '../../protocol/webview.ts';
import { runName } from './run-words.ts';
import { baseName, metricTitle } from './words.ts';

/** A line of a chart: one metric of one split of one run. */
export interface ChartLine {
  series: PanelSeries;
  /** What the line is called in legend and caption. */
  label: string;
  /** Which colour of the palette it has. */
  color: number;
  /** The place of its run in the panel, from 1; undefined while there is one run. */
  number?: number;
}

/** One chart: a metric with its lines over all runs and splits. */
export interface Chart {
  /** The name of the metric without its split. */
  id: string;
  title: string;
  lines: ChartLine[];
}

/** What people look at first; other metrics of evaluation splits come between, others last. */
const FIRST = ['loss', 'learning_rate'];
const LAST = ['grad_norm', 'tokens_per_second'];

/**
 * Sorts series into charts: train and eval of a metric share one, so do all runs. With one run a colour is a split; with
 * several a colour is a run, and eval lines are told by their dashes and points.
 * @param hidden ids of runs whose lines are left out; the others keep their colours and numbers
 */
export function makeCharts(
  runs: readonly PanelRun[],
  series: Iterable<PanelSeries>,
  hidden: readonly string[] = [],
): Chart[] {
  const order = new Map(runs.map(({ id }, index) => [id, index]));
  const several = runs.length > 1;
  const charts = new Map<string, Chart>();
  for (const one of series) {
    const index = order.get(one.runId);
    const run = runs[index ?? -1];
    if (index === undefined || !run || hidden.includes(one.runId)) continue;
    const id = baseName(one.metric);
    let chart = charts.get(id);
    if (!chart) charts.set(id, (chart = { id, title: metricTitle(one.metric), lines: [] }));
    chart.lines.push({
      series: one,
      label: labelOf(one, several ? runName(run) : undefined),
      color: several ? index : one.split === 'eval' ? 1 : 0,
      ...(several ? { number: index + 1 } : {}),
    });
  }
  for (const { lines } of charts.values()) lines.sort((a, b) => rank(a) - rank(b));
  return [...charts.values()].sort((a, b) => placeOf(a) - placeOf(b) || a.title.localeCompare(b.title));

  function rank({ series }: ChartLine): number {
    return 2 * (order.get(series.runId) ?? 0) + (series.split === 'eval' ? 1 : 0);
  }
}

function labelOf({ metric, split }: PanelSeries, run: string | undefined): string {
  if (metric.startsWith(SYSTEM_METRICS)) return run ?? 'run';
  return run === undefined ? split : `${run} ${split}`;
}

/** Whether a chart is of the machine, not of the model. */
export function isOfMachine({ id }: Chart): boolean {
  return id.startsWith(SYSTEM_METRICS);
}

function placeOf({ id, lines }: Chart): number {
  const first = FIRST.indexOf(id);
  if (first >= 0) return first;
  const last = LAST.indexOf(id);
  if (last >= 0) return 20 + last;
  return lines.some(({ series }) => series.split === 'eval') ? 10 : 30;
}
