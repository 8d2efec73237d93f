import { METRICS_AXES } from '../../../protocol/webview.ts';
import { html, nothing, type TemplateResult } from 'lit';
import { button, checkbox, choice, slider } from '../../ui/controls.ts';
import type { PanelModel } from '../model.ts';
import { AXIS_TITLES, axisNamed, rangeWords } from '../axis-words.ts';
import type { PanelActions } from './actions.ts';

const AXES = METRICS_AXES.map((value) => ({ value, text: AXIS_TITLES[value] }));

/** How the numbers are shown: smoothing, scale, zoom, charts or table, and which runs. */
export function toolbarView(model: PanelModel, actions: PanelActions): TemplateResult {
  const { smoothing, logScale, clip, axis, show, range } = model;
  const charts = show === 'charts';
  return html`<div class="toolbar" role="group" aria-label="How the numbers are shown">
    <div class="segments" role="group" aria-label="Charts or table">
      ${button({ text: 'Charts', icon: 'chart', pressed: charts, onClick: () => actions.show('charts') })}
      ${button({ text: 'Table', icon: 'table', pressed: !charts, onClick: () => actions.show('table') })}
    </div>
    ${
      charts
        ? html`${slider({
            id: 'smoothing',
            text: 'Smoothing',
            value: smoothing,
            min: 0,
            max: 0.99,
            step: 0.01,
            valueText: smoothing === 0 ? 'none' : smoothing.toFixed(2),
            onInput: (value) => actions.setSmoothing(value),
          })}
          ${choice('axis', 'By', AXES, axis, (to) => actions.setAxis(axisNamed(to)))}
          ${checkbox('Log x axis', model.logX, (on) => actions.setLogX(on))}
          ${checkbox('Log y axis', logScale, (on) => actions.setLogScale(on))}
          ${checkbox('Leave out outliers', clip, (on) => actions.setClip(on))}`
        : nothing
    }
    ${
      charts && range
        ? html`<span class="zoom">
            ${rangeWords(axis, range).toLowerCase()}
            ${button({ text: 'Show All Steps', icon: 'zoomOut', onClick: () => actions.zoom(undefined) })}
          </span>`
        : nothing
    }
    <span class="space"></span>
    ${charts ? button({ text: 'Export Charts', icon: 'export', label: 'Export Charts as PNG or SVG', onClick: () => actions.exportPicture() }) : nothing}
    ${button({ text: 'Export CSV', icon: 'log', onClick: () => actions.exportCsv() })}
    ${button({ text: 'Compare Runs', icon: 'add', onClick: () => actions.compare() })}
  </div>`;
}
