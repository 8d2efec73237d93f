import { html, nothing, type TemplateResult } from 'lit';
import type { PanelRun } from '../../../protocol/webview.ts';
import { button } from '../../ui/controls.ts';
import type { PanelModel } from '../model.ts';
import type { PanelActions } from './actions.ts';
import { chartsView } from './charts-view.ts';
import { evaluationView } from './evaluation-view.ts';
import { runView } from './run-view.ts';
import { runsTableView } from './runs-table-view.ts';
import { samplesView } from './samples-view.ts';
import { tableView } from './table-view.ts';
import { toolbarView } from './toolbar-view.ts';

/** More runs than this have their heads folded away. */
const OPEN_HEADS = 3;

/** The whole page. */
export function panelView(model: PanelModel, actions: PanelActions): TemplateResult {
  return html`<div id="announcements" class="visually-hidden" role="status" aria-live="polite">
      ${model.announcement}
    </div>
    ${model.runs === undefined ? loadingView(model) : loadedView(model, model.runs, actions)}`;
}

function loadingView({ known }: PanelModel): TemplateResult {
  const names = known.map(({ id }) => id).join(', ');
  return html`<p class="empty">Reading ${names || 'the run'}.</p>`;
}

function loadedView(model: PanelModel, runs: PanelRun[], actions: PanelActions): TemplateResult {
  if (runs.length === 0) return noRunsView(actions);
  const several = runs.length > 1;
  const training = runs.filter(({ summary }) => summary && summary.kind !== 'evaluate');
  return html`${several ? html`<h1>${runs.length} runs</h1>` : nothing} ${headsView(model, runs, actions)}
  ${training.length > 1 ? runsTableView(model, actions.runs) : nothing}
  ${training.length === 0 ? nothing : numbersView(model, training, actions)} ${samplesView(model, actions)}
  ${model.evaluations.map((evaluation) => evaluationView(evaluation, runs))}`;
}

/** Heads of many runs are folded away: the table of runs says how each stands. */
function headsView(model: PanelModel, runs: PanelRun[], actions: PanelActions): TemplateResult {
  const several = runs.length > 1;
  const heads = html`<section class="runs" aria-label=${several ? 'Runs' : 'Run'}>
    ${runs.map((run, index) => runView(run, { number: several ? index + 1 : undefined, model, actions }))}
  </section>`;
  if (runs.length <= OPEN_HEADS) return heads;
  return html`<details class="heads">
    <summary>Each run: progress, warnings, folder and log</summary>
    ${heads}
  </details>`;
}

function numbersView(model: PanelModel, training: PanelRun[], actions: PanelActions): TemplateResult {
  if (model.series.size === 0)
    return html`<p class="empty" id="no-numbers">${whyNoNumbers(model, training)}</p>`;
  return html`<section class="numbers" aria-labelledby="numbers-title">
    <h2 id="numbers-title" class="visually-hidden">
      ${model.show === 'charts' ? 'Charts' : 'Table of all numbers'}
    </h2>
    ${toolbarView(model, actions)}
    ${model.show === 'charts' ? chartsView(model, actions) : tableView(model, training, actions)}
  </section>`;
}

function noRunsView(actions: PanelActions): TemplateResult {
  return html`<div class="empty">
    <p>This panel shows no run. It was emptied, or what it showed could not be restored.</p>
    ${button({ text: 'Choose Runs', icon: 'add', primary: true, onClick: () => actions.compare() })}
  </div>`;
}

function whyNoNumbers({ loading }: PanelModel, training: PanelRun[]): string {
  if (loading) return 'Reading the numbers.';
  const states = training.map(({ summary }) => summary?.state);
  if (states.some((state) => state === 'running' || state === 'evaluating'))
    return 'No numbers yet. The charts appear after the first training step.';
  if (states.includes('preparing')) return 'No numbers yet: the data and the model are being prepared.';
  if (states.includes('queued')) return 'No numbers yet: the run waits for its device.';
  return 'This ended before its first training step, so there is nothing to draw. The log says what it printed.';
}
