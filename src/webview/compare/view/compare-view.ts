import { html, nothing, type TemplateResult } from 'lit';
import { evaluationView } from '../../metrics/view/evaluation-view.ts';
import { button } from '../../ui/controls.ts';
import { icon } from '../../ui/icons.ts';
import { keyWords } from '../keys.ts';
import type { CompareModel, CompareTab } from '../model.ts';
import { rowsWord } from '../words.ts';
import type { Ballot } from '../voting.ts';
import type { CompareActions } from './actions.ts';
import { detailView } from './detail-view.ts';
import { gridView, type Scroll } from './grid-view.ts';
import { scatterView } from './scatter-view.ts';
import { toolbarView } from './toolbar-view.ts';
import { votesView } from './votes-view.ts';

/** What is on the page besides the model. */
export interface Place {
  scroll: Scroll;
  ballot: Ballot | undefined;
}

const TABS: readonly [CompareTab, string][] = [
  ['rows', 'Rows'],
  ['numbers', 'Numbers'],
  ['votes', 'Votes'],
];

/** The whole page. */
export function compareView(model: CompareModel, place: Place, actions: CompareActions): TemplateResult {
  const { overview, state } = model;
  return html`<div id="announcements" class="visually-hidden" role="status" aria-live="polite">
      ${model.announcement}
    </div>
    ${overview ? loadedView(model, place, actions) : html`<p class="empty">Reading ${state.runId}.</p>`}`;
}

function loadedView(model: CompareModel, place: Place, actions: CompareActions): TemplateResult {
  return html`${headView(model, actions)} ${tabView(model, place, actions)}`;
}

function headView(model: CompareModel, actions: CompareActions): TemplateResult {
  const { overview, tab } = model;
  const { name = '', result, problem, loading = false, read = 0 } = overview ?? {};
  return html`<header class="head">
    <div class="title">
      <h1>${name}</h1>
      <div class="segments" role="group" aria-label="What is shown">
        ${TABS.map(([value, text]) => button({ text, pressed: tab === value, onClick: () => actions.setTab(value) }))}
      </div>
      ${button({ text: 'Export', icon: 'export', label: 'Export the rows', onClick: () => actions.exportRows() })}
      <details class="keys">
        <summary>Keys</summary>
        <dl>
          ${keyWords(model).map(
            ([keys, what]) =>
              html`<dt><kbd>${keys}</kbd></dt>
                <dd>${what}</dd>`,
          )}
        </dl>
      </details>
    </div>
    <p class="verdict">
      ${result ? sentence(result.verdict) : loading ? `Reading the answers: ${rowsWord(read)} so far.` : 'The verdict appears when every candidate has answered every row.'}
    </p>
    ${problem === undefined ? nothing : html`<p class="notice warning">${icon('warning')}<span>${problem}</span></p>`}
  </header>`;
}

function tabView(model: CompareModel, { scroll, ballot }: Place, actions: CompareActions): TemplateResult {
  const { overview, selection, tab } = model;
  if (tab === 'numbers')
    return html`<div class="numbers-tab">
      ${selection ? scatterView(selection) : nothing}
      ${overview?.result ? evaluationView({ runId: overview.runId, name: overview.name, result: overview.result }, []) : html`<p class="empty">The numbers appear when the evaluation has ended.</p>`}
    </div>`;
  if ((overview?.candidates.length ?? 0) === 0)
    return html`<p class="empty">There is nothing to compare yet.</p>`;
  if (tab === 'votes') return html`${toolbarView(model, actions)} ${votesView(model, ballot, actions)}`;
  return html`${toolbarView(model, actions)}
  ${selection && selection.count === 0 ? html`<p class="empty none">No row is like this. Take a filter away to see more.</p>` : nothing}
  ${gridView(model, scroll, actions)} ${detailView(model, actions)}`;
}

/** A verdict is kept as a clause that other texts go on with. */
function sentence(text: string): string {
  return /^(no|with|the|a|an)\s/.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}.` : `${text}.`;
}
