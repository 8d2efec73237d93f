import type { MetricsAxis } from '../../../protocol/webview.ts';
import type { Chart } from '../charts.ts';

/** What a chart shows. */
export interface ChartView {
  chart: Chart;
  log: boolean;
  /** The axis below is logarithmic. */
  logX: boolean;
  axis: MetricsAxis;
  /** Where the values lie that are to be seen; undefined for all. */
  bulk: [number, number] | undefined;
  /** What is zoomed to, in the unit of the axis; undefined for all. */
  range: [number, number] | undefined;
  /** What is to be known of what is drawn, as sentences. */
  notes: readonly string[];
  onZoom: (range: [number, number] | undefined) => void;
}
