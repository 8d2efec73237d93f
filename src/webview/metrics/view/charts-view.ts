import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { MetricsAxis } from '../../../protocol/webview.ts';
import { button } from '../../ui/controls.ts';
import {
  describeLogAxis,
  describeLogLoss,
  describeReduction,
  describeSeries,
  describeUnplaced,
} from '../caption.ts';
import { findBulk, type Bulk } from '../chart/outliers.ts';
import { countWord } from '../words.ts';
import { isOfMachine, makeCharts, type Chart } from '../charts.ts';
import type { PanelModel } from '../model.ts';
import type { PanelActions } from './actions.ts';

/** More captions than this are folded away; they are there for whoever looks for them. */
const OPEN_CAPTIONS = 2;

/** All charts of the runs' numbers, each with its caption in words. */
export function chartsView(model: PanelModel, actions: PanelActions): TemplateResult {
  const charts = makeCharts(model.runs ?? [], model.series.values(), model.hidden);
  if (charts.length === 0)
    return html`<p class="empty">No run is drawn. Tick one in the table of runs to see its lines.</p>`;
  return html`<p id="chart-help" class="visually-hidden">
      Left and right arrow read the values step by step, Page Up and Page Down a tenth of the chart, Home and
      End its ends. Plus and minus zoom, 0 shows all steps.
    </p>
    ${groupView(
      charts.filter((chart) => !isOfMachine(chart)),
      model,
      actions,
    )}
    ${machineView(charts.filter(isOfMachine), model, actions)}
    ${
      model.smoothing > 0
        ? html`<p class="footnote">
            Strong lines are smoothed; faint ones hold every value. Evaluations and the learning rate are
            never smoothed. Drag over a chart to zoom in, double-click to show all.
          </p>`
        : html`<p class="footnote">Drag over a chart to zoom in, double-click to show all.</p>`
    }`;
}

function groupView(charts: readonly Chart[], model: PanelModel, actions: PanelActions): TemplateResult {
  return html`<div class="charts">
    ${repeat(
      charts,
      ({ id }) => id,
      (chart) => chartView(chart, model, actions),
    )}
  </div>`;
}

/** What the runs take of their machine. */
function machineView(charts: readonly Chart[], model: PanelModel, actions: PanelActions) {
  if (charts.length === 0) return nothing;
  return html`<section aria-labelledby="machine-title">
    <h2 id="machine-title">Machine</h2>
    ${groupView(charts, model, actions)}
  </section>`;
}

function chartView(
  chart: Chart,
  { logScale, logX, clip, axis, range, smoothing }: PanelModel,
  actions: PanelActions,
): TemplateResult {
  const bulk = clip ? findBulk(chart.lines.map(({ series }) => series.points)) : undefined;
  const notes = notesOf(chart, { log: logScale, logX, axis, isZoomed: range !== undefined, bulk });
  const isSmoothed = chart.lines.some(({ series }) => series.smoothed);
  const view = {
    chart,
    log: logScale,
    logX,
    axis,
    range,
    notes: isSmoothed ? [...notes, `Strong lines are smoothed (${smoothing.toFixed(2)}).`] : notes,
    bulk: bulk?.range,
    onZoom: (to: typeof range) => actions.zoom(to),
  };
  const title = `chart-${chart.id}`;
  return html`<figure class="chart" aria-labelledby=${title}>
    <div class="chart-head">
      <h3 id=${title}>${chart.title}</h3>
      ${button({ icon: 'export', label: `Export ${chart.title} as PNG or SVG`, onClick: () => actions.exportPicture(chart.id) })}
    </div>
    <tunebook-chart id=${`plot-${chart.id}`} .view=${view}></tunebook-chart>
    <figcaption>${captionView(chart, notes)}</figcaption>
  </figure>`;
}

interface Shown {
  log: boolean;
  logX: boolean;
  axis: MetricsAxis;
  isZoomed: boolean;
  bulk: Bulk | undefined;
}

/** What is to be known of what is drawn: what is left out, and how many points stand for how many. */
function notesOf({ lines }: Chart, { log, logX, axis, isZoomed, bulk }: Shown): string[] {
  const shown = lines.reduce((sum, { series }) => sum + series.points.x.length, 0);
  const count = lines.reduce((sum, { series }) => sum + series.facts.count, 0);
  return [
    log ? describeLogLoss(lines.map(({ series }) => series.facts)) : undefined,
    logX
      ? describeLogAxis(
          lines.map(({ series }) => series.points),
          axis,
        )
      : undefined,
    describeUnplaced(lines.filter(({ series }) => series.isUnplaced).map(({ label }) => label)),
    isZoomed || lines.some(({ series }) => series.isUnplaced) ? undefined : describeReduction(shown, count),
    bulk &&
      `${countWord(bulk.beyond, 'value')} of ${bulk.count.toLocaleString('en-US')} drawn lie beyond the axis.`,
  ].filter((note) => note !== undefined);
}

function captionView({ lines }: Chart, notes: readonly string[]): TemplateResult {
  const list = html`<ul>
    ${lines.map(
      ({ label, series }) =>
        html`<li><span class="label">${label}</span> ${describeSeries(series.metric, series.facts)}</li>`,
    )}
  </ul>`;
  return html`${
    lines.length > OPEN_CAPTIONS
      ? html`<details>
          <summary>The lines in words</summary>
          ${list}
        </details>`
      : list
  }${notes.map((note) => html`<p class="note">${note}</p>`)}`;
}
