import { html, nothing, svg, type TemplateResult } from 'lit';
import type { ConfusionMatrix } from '../../../protocol/evaluation.ts';
import { formatPercent } from '../../../protocol/format.ts';
import { confusions, heatCells, totals, type HeatCell } from '../confusion.ts';
import { countWord } from '../words.ts';

/** How many mistakes are listed before the table of all counts is asked for. */
const LISTED = 5;
/** Beyond this many labels there is no room for their names beside the map. */
const NAMED = 30;
const CELL = 14;
const LETTER = 6;
const LETTERS = 18;

/**
 * A confusion matrix: a heat map for the eye, the commonest mistakes in words, and all counts as a table for whoever opens it.
 * @param id unique on the page
 */
export function confusionView(candidate: string, matrix: ConfusionMatrix, id: string): TemplateResult {
  const { right, all } = totals(matrix);
  const mistakes = confusions(matrix);
  return html`<figure class="confusion" aria-labelledby=${id}>
    <h4 id=${id}>${candidate}</h4>
    <p class="subtitle">${right} of ${countWord(all, 'example')} right (${formatPercent(right / all)})</p>
    ${heatMap(candidate, matrix)}
    <figcaption>
      ${
        mistakes.length === 0
          ? html`<p>Nothing was taken for anything else.</p>`
          : html`<p>Taken most often for another:</p>
              <ol>
                ${mistakes.slice(0, LISTED).map(
                  ({ truth, predicted, count, share }) =>
                    html`<li>
                      <b>${truth}</b> as <b>${predicted}</b>,
                      <span class="times">${countWord(count, 'time')} (${formatPercent(share, 0)})</span>
                    </li>`,
                )}
              </ol>`
      }
    </figcaption>
    ${countsTable(candidate, matrix)}
  </figure>`;
}

function heatMap(candidate: string, matrix: ConfusionMatrix): TemplateResult {
  const { labels } = matrix;
  const size = labels.length * CELL;
  const longest = Math.min(LETTERS, Math.max(...labels.map((label) => label.length)));
  const room = labels.length <= NAMED ? longest * LETTER + 8 : 4;
  const side = size + room + 1;
  return html`<svg
    class="heat-map"
    viewBox="0 0 ${side} ${side}"
    role="img"
    aria-label=${`Heat map of ${candidate}: rows are true labels, columns predicted ones. The table of counts says the same.`}
  >
    <g transform="translate(${room} ${room})">
      <rect class="ground" width=${size} height=${size}></rect>
      ${heatCells(matrix).map((cell) => heatCell(cell, labels))}
      <rect class="frame" width=${size} height=${size}></rect>
    </g>
    ${labels.length <= NAMED ? labels.map((label, i) => axisNames(label, i, room)) : nothing}
  </svg>`;
}

function heatCell({ row, column, count, share, level }: HeatCell, labels: readonly string[]): TemplateResult {
  const what =
    row === column
      ? `${labels[row]}: ${count} right (${formatPercent(share, 0)})`
      : `${labels[row]} taken for ${labels[column]}: ${count} (${formatPercent(share, 0)})`;
  return svg`<rect class="cell ${row === column ? 'right' : 'wrong'} level-${level}" x=${column * CELL + 0.5} y=${row * CELL + 0.5}
    width=${CELL - 1} height=${CELL - 1}><title>${what}</title></rect>`;
}

function axisNames(label: string, index: number, room: number): TemplateResult {
  const middle = room + index * CELL + CELL / 2;
  const name = label.length > LETTERS ? `${label.slice(0, LETTERS - 1)}…` : label;
  return svg`<text class="name" x=${room - 5} y=${middle} text-anchor="end" dominant-baseline="central">${name}<title>${label}</title></text>
    <text class="name" transform="translate(${middle} ${room - 5}) rotate(-90)" dominant-baseline="central">${name}<title>${label}</title></text>`;
}

function countsTable(candidate: string, { labels, counts }: ConfusionMatrix): TemplateResult {
  return html`<details>
    <summary>All counts of ${candidate} as a table</summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${`Counts of ${candidate}`}>
      <table class="data counts">
        <caption class="visually-hidden">
          Confusion matrix of ${candidate}: rows are true labels, columns predicted ones
        </caption>
        <thead>
          <tr>
            <th scope="col">true \\ predicted</th>
            ${labels.map((label) => html`<th scope="col">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${counts.map(
            (row, r) =>
              html`<tr>
                <th scope="row">${labels[r]}</th>
                ${row.map((count) => html`<td class=${count === 0 ? 'zero' : ''}>${count}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
