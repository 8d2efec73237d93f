import { render } from 'lit';
import type { FromMetricsPanel, MetricsPanelState, ToMetricsPanel } from '../../protocol/webview.ts';
import uPlotStyles from 'uplot/dist/uPlot.min.css';
import evaluationStyles from '../ui/evaluation.css';
import { onceAFrame } from '../ui/once-a-frame.ts';
import { adoptStyles } from '../ui/stylesheets.ts';
import { registerToolkit } from '../ui/toolkit.ts';
import uiStyles from '../ui/ui.css';
import { connect, stateInPage } from '../ui/vscode-api.ts';
import { MetricChart } from './chart/metric-chart.ts';
import { pngOf, stack, svgOf } from './chart/picture.ts';
import styles from './metrics.css';
import {
  applyUpdate,
  openPage,
  setAxis,
  startModel,
  turnPage,
  stateOf,
  viewOf,
  zoomTo,
  type PanelModel,
} from './model.ts';
import { runsActions } from './runs/actions.ts';
import type { PanelActions } from './view/actions.ts';
import { panelView } from './view/panel-view.ts';

/** The page of the metrics panel: keeps the model, draws it, and talks with the extension host. */

const vscode = connect<FromMetricsPanel, MetricsPanelState>();
const root = document.getElementById('metrics');
if (!root) throw new Error('The page has no place for the metrics.');

adoptStyles(uPlotStyles, uiStyles, evaluationStyles, styles);
registerToolkit();
customElements.define('tunebook-chart', MetricChart);

// With the width in what it asks for first, the host does not send every line a second time.
let model: PanelModel = {
  ...startModel(vscode.getState() ?? stateInPage(root)),
  buckets: widthInBuckets(),
};
root.replaceChildren();
let sentView = '';
let viewTimer: number | undefined;
/** When it was told last what the page wants to see. */
let sentAt = -Infinity;
const schedule = onceAFrame(draw);
/** The row that the keyboard is on is to have the focus. */
let isRowAwaited = false;

/** Milliseconds between two wishes to the host at least: a slider that is dragged has many. */
const VIEW_INTERVAL = 100;

const actions: PanelActions = {
  command: (command, runId) => vscode.postMessage({ type: 'command', command, runId }),
  compare: () => vscode.postMessage({ type: 'compare' }),
  exportCsv: () => vscode.postMessage({ type: 'exportCsv' }),
  exportPicture: (chart) => void exportPicture(chart),
  setAxis: (axis) => change(setAxis(model, axis)),
  setSmoothing: (smoothing) => change({ smoothing }),
  setLogScale: (logScale) => change({ logScale }),
  setLogX: (logX) => change({ logX }),
  setClip: (clip) => change({ clip }),
  show: (show) => change({ show }),
  zoom: (range) => change(zoomTo(model, range)),
  showSamples: (sampleStep) => change({ sampleStep }),
  openPage: (runId, page) => change(openPage(model, runId, page)),
  turnPage: (to) => change(turnPage(model, to)),
  runs: runsActions({
    model: () => model,
    change,
    focusRow: () => (isRowAwaited = true),
    command: (command, runId) => vscode.postMessage({ type: 'command', command, runId }),
  }),
};

window.addEventListener('message', ({ data }: MessageEvent<ToMetricsPanel>) => {
  model = applyUpdate(model, data);
  schedule();
});
new ResizeObserver(() => change({ buckets: widthInBuckets() })).observe(document.body);
vscode.postMessage({ type: 'ready', view: viewOf(model) });
sentView = JSON.stringify(viewOf(model));
schedule();

function change(part: Partial<PanelModel>): void {
  model = { ...model, ...part };
  schedule();
}

function draw(): void {
  // A row that is put elsewhere loses the focus.
  isRowAwaited ||= document.activeElement instanceof HTMLElement && 'run' in document.activeElement.dataset;
  if (root) render(panelView(model, actions), root);
  if (isRowAwaited) activeRow()?.focus();
  isRowAwaited = false;
  vscode.setState(stateOf(model));
  if (JSON.stringify(viewOf(model)) === sentView) return;
  const wait = sentAt + VIEW_INTERVAL - performance.now();
  if (wait <= 0) sendView();
  else viewTimer ??= window.setTimeout(sendView, wait);
}

function sendView(): void {
  clearTimeout(viewTimer);
  viewTimer = undefined;
  sentAt = performance.now();
  const view = viewOf(model);
  const text = JSON.stringify(view);
  if (text === sentView) return;
  sentView = text;
  vscode.postMessage({ type: 'view', view });
}

/** Draws a chart (all of them without one) as files and asks the host to save what the person chooses. */
async function exportPicture(chart?: string): Promise<void> {
  const pictures = [...document.querySelectorAll('tunebook-chart')]
    .filter((one) => one instanceof MetricChart && (chart === undefined || one.id === `plot-${chart}`))
    .flatMap((one) => (one instanceof MetricChart && one.picture) || []);
  const [first, ...others] = pictures;
  if (!first) return;
  const picture = stack([first, ...others]);
  try {
    const png = await pngOf(picture);
    vscode.postMessage({ type: 'exportPicture', name: chart ?? 'charts', svg: svgOf(picture), png });
  } catch (error) {
    change({
      announcement: `The picture was not made: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

function activeRow(): HTMLElement | null {
  return document.querySelector('tr[data-run][tabindex="0"]');
}

/** One bucket a pixel of the widest chart, in steps that a small change of the width does not leave. */
function widthInBuckets(): number {
  return Math.min(2000, Math.max(400, Math.ceil(document.body.clientWidth / 400) * 400));
}
