import { html, nothing, svg, type TemplateResult } from 'lit';
import type { EvaluationResult } from '../../../protocol/evaluation.ts';
import { formatPercent } from '../../../protocol/format.ts';
import type { PanelEvaluation, PanelRun } from '../../../protocol/webview.ts';
import {
  columnTitle,
  estimateRows,
  labelRows,
  metricNames,
  pairRows,
  type EstimateCell,
} from '../evaluation-rows.ts';
import { runName } from '../run-words.ts';
import { countWord } from '../words.ts';
import { confusionView } from './confusion-view.ts';
import { judgeView, rubricView } from './judge-view.ts';

/** The outcome of an evaluation: its verdict, the candidates, the pairs, and what was taken for what. */
export function evaluationView(
  { runId, name, result }: PanelEvaluation,
  runs: readonly PanelRun[],
): TemplateResult {
  const id = `evaluation-${runId}-${name}`.replace(/[^A-Za-z0-9_-]/g, '-');
  const run = runs.find((one) => one.id === runId);
  const of = run && runName(run) !== name ? ` of ${runName(run)}` : '';
  const examples = Math.max(
    0,
    ...Object.values(result.candidates).flatMap((own) => Object.values(own).map(({ n }) => n)),
  );
  return html`<section class="evaluation" aria-labelledby=${id}>
    <h2 id=${id}>Evaluation ${name}${of}</h2>
    <p class="subtitle">On ${result.data}, ${countWord(examples, 'example')}.</p>
    <p class="verdict">${sentence(result.verdict)}</p>
    <div class="tables">${candidatesTable(result)} ${pairsTable(result)}</div>
    ${notesList(result)} ${judgeView(result.judge)} ${rubricView(result.rubric)}
    ${confusionSection(result, id)} ${labelsTable(result)}
  </section>`;
}

function candidatesTable(result: EvaluationResult): TemplateResult {
  const metrics = metricNames(result);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Candidates and metrics">
    <table class="data candidates">
      <caption>
        Candidates, with 95 % confidence intervals
      </caption>
      <thead>
        <tr>
          <th scope="col">Candidate</th>
          ${metrics.map((metric) => html`<th scope="col">${columnTitle(metric)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${estimateRows(result).map(
          ({ candidate, cells }) =>
            html`<tr>
              <th scope="row">${candidate}${sourceView(result, candidate)}</th>
              ${cells.map(estimateView)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What a reader of the numbers must know of the candidates. */
function notesList({ sources = {} }: EvaluationResult): TemplateResult | typeof nothing {
  const notes = Object.entries(sources).flatMap(([name, { notes: own = [] }]) =>
    own.map((note) => html`<li><b>${name}:</b> ${note}</li>`),
  );
  return notes.length === 0
    ? nothing
    : html`<ul class="notes">
        ${notes}
      </ul>`;
}

/** What was measured under this name: a run, or else a folder. */
function sourceView({ sources }: EvaluationResult, candidate: string): TemplateResult | typeof nothing {
  const source = sources?.[candidate];
  if (!source) return nothing;
  const text = source.run === undefined ? source.folder.replace(/^.*[\\/](?=.)/, '') : `run ${source.run}`;
  return html` <span class="source" title=${source.folder}>${text}</span>`;
}

function estimateView(cell: EstimateCell | undefined): TemplateResult {
  if (!cell) return html`<td>not measured</td>`;
  return html`<td class=${cell.best ? 'best' : ''}>
    <span class="value">${cell.value}</span>${cell.best ? html`<span class="tag">best</span>` : nothing}
    <span class="interval">${cell.interval}</span>
    ${cell.spread === undefined ? nothing : html`<span class="interval">${cell.spread}</span>`}
    ${intervalBar(cell.bar)}
  </td>`;
}

/** Where value and interval lie; the words beside it say the same. */
function intervalBar({ value, low, high }: EstimateCell['bar']): TemplateResult {
  const at = (share: number) => 3 + share * 114;
  return html`<svg
    class="interval-bar"
    viewBox="0 0 120 10"
    width="120"
    height="10"
    aria-hidden="true"
    focusable="false"
  >
    ${svg`<line class="axis" x1="3" x2="117" y1="5" y2="5" />
    <line class="range" x1=${at(low)} x2=${at(high)} y1="5" y2="5" />
    <circle class="point" cx=${at(value)} cy="5" r="3" />`}
  </svg>`;
}

function pairsTable(result: EvaluationResult): TemplateResult | typeof nothing {
  const rows = pairRows(result);
  if (rows.length === 0) return nothing;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Pairs of candidates">
    <table class="data pairs">
      <caption>
        Pairs: the first less the second, on the same examples; p after Holm’s correction
      </caption>
      <thead>
        <tr>
          <th scope="col">Pair</th>
          <th scope="col">Metric</th>
          <th scope="col">Difference</th>
          <th scope="col">95 % CI</th>
          <th scope="col">p</th>
          <th scope="col">Conclusion</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr class=${row.shown ? 'shown' : 'not-shown'}>
              <th scope="row">${row.pair}</th>
              <td>${row.metric}</td>
              <td class="number">${row.difference}</td>
              <td class="number">${row.interval}</td>
              <td class="number" title=${`${row.test} test`}>${row.p}</td>
              <td>${row.conclusion}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function confusionSection({ confusion }: EvaluationResult, id: string): TemplateResult | typeof nothing {
  const matrices = Object.entries(confusion ?? {});
  if (matrices.length === 0) return nothing;
  return html`<h3>What was taken for what</h3>
    <div class="confusions">
      ${matrices.map(([candidate, matrix], index) => confusionView(candidate, matrix, `${id}-confusion-${index}`))}
    </div>`;
}

function labelsTable(result: EvaluationResult): TemplateResult | typeof nothing {
  const candidates = Object.keys(result.perLabel ?? {});
  const rows = labelRows(result);
  if (rows.length === 0) return nothing;
  const [noun, counted] = result.isOfEntities ? ['Type', 'Entities'] : ['Label', 'Examples'];
  const title = `F1 of each ${noun.toLowerCase()}`;
  return html`<details>
    <summary>${title}, hardest first</summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${title}>
      <table class="data">
        <caption class="visually-hidden">
          ${title}, hardest first
        </caption>
        <thead>
          <tr>
            <th scope="col">${noun}</th>
            <th scope="col">${counted}</th>
            ${candidates.map((candidate) => html`<th scope="col">${candidate}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ label, support, f1, parts }) =>
              html`<tr>
                <th scope="row">${label}</th>
                <td>${support}</td>
                ${f1.map((value, c) => html`<td>${value === undefined ? '' : formatPercent(value)}${result.isOfEntities && parts[c] !== undefined ? html` <span class="source">(${parts[c]})</span>` : nothing}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** A verdict is kept as a clause that other texts go on with. */
function sentence(text: string): string {
  const begun = /^(no|with|the|a|an)\s/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
