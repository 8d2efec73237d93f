import { html, svg, type TemplateResult } from 'lit';
import type { CompareSelection } from '../../../protocol/compare.ts';

const CELL = 20;
const ROOM = 42;

/** How the scores of two candidates go together, row by row of the selection: darker where there are more rows. */
export function scatterView({ scatter, query, counts }: CompareSelection): TemplateResult {
  const parts = scatter.length;
  const size = parts * CELL;
  const most = Math.max(1, ...scatter.flat());
  const tenth = (i: number) => `${(i / parts).toFixed(1)} to ${((i + 1) / parts).toFixed(1)}`;
  return html`<figure class="scatter" aria-labelledby="scatter-title">
    <h3 id="scatter-title">Scores of ${query.a} and ${query.b}</h3>
    <svg
      viewBox=${`0 0 ${size + ROOM} ${size + ROOM}`}
      role="img"
      aria-label="Heat map of scores; the table of counts says the same."
    >
      ${scatter.flatMap((line, a) =>
        line.map((count, b) =>
          count === 0
            ? svg``
            : svg`<rect x=${ROOM + a * CELL} y=${size - (b + 1) * CELL} width=${CELL - 1} height=${CELL - 1}
                fill-opacity=${(0.15 + 0.85 * Math.sqrt(count / most)).toFixed(2)}><title>${query.a} ${tenth(a)}, ${query.b} ${tenth(b)}: ${count}</title></rect>`,
        ),
      )}
      <line class="diagonal" x1=${ROOM} y1=${size} x2=${ROOM + size} y2="0"></line>
      <rect class="frame" x=${ROOM} y="0" width=${size} height=${size}></rect>
      <text x=${ROOM + size / 2} y=${size + 28} text-anchor="middle">${query.a}, 0 to 1</text>
      <text transform=${`translate(20 ${size / 2}) rotate(-90)`} text-anchor="middle">
        ${query.b}, 0 to 1
      </text>
    </svg>
    <figcaption class="subtitle">
      ${counts.all.toLocaleString('en-US')} rows under the filters. Above the diagonal ${query.b} is surer of
      its output.
    </figcaption>
    <details>
      <summary>Counts as a table</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Counts of scores">
        <table class="data counts">
          <thead>
            <tr>
              <th scope="col">${query.a} \\ ${query.b}</th>
              ${scatter.map((_, b) => html`<th scope="col">${tenth(b)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${scatter.map(
              (line, a) =>
                html`<tr>
                  <th scope="row">${tenth(a)}</th>
                  ${line.map((count) => html`<td class=${count === 0 ? 'zero' : ''}>${count}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </figure>`;
}
