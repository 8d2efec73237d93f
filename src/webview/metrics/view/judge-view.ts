import { html, nothing, type TemplateResult } from 'lit';
import { displayP } from '../../../protocol/display.ts';
import type { JudgeSummary } from '../../../protocol/evaluation.ts';

/** How the answers were judged: rows by who won them, what the judge contradicted itself on, and whether it prefers a place. */
export function judgeView(judge: JudgeSummary | undefined): TemplateResult | typeof nothing {
  if (!judge) return nothing;
  const { name, questions, unread, first, second, tied, p, pairs } = judge;
  return html`<h3>How it was judged</h3>
    <p class="subtitle">
      By ${name}, in both orders: ${questions} questions, ${first} for the answer shown first, ${second} for
      the second, ${tied} for neither, ${unread} without a verdict. That it prefers either place as often has
      p ${p < 0.001 ? '' : '= '}${displayP(p)} (exact binomial test).
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Rows by who won them">
      <table class="data judged">
        <caption>
          Rows by who won them; where the two orders contradict each other a row is a tie
        </caption>
        <thead>
          <tr>
            ${['Pair', 'Won', 'Tied', 'Lost', 'Contradicted', 'Equal answers', 'Without a verdict'].map((title) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${pairs.map(
            (pair) =>
              html`<tr>
                <th scope="row">${pair.b} against ${pair.a}</th>
                ${[pair.wins, pair.ties, pair.losses, pair.disagreed, pair.same, pair.unread].map((count) => html`<td class="number">${count}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
