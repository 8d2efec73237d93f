import { html, nothing, type TemplateResult } from 'lit';
import { displayMetric, displayP } from '../../../protocol/display.ts';
import type { JudgeSummary, RubricCriterion, RubricSummary } from '../../../protocol/evaluation.ts';

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

/** How the answers were scored: the scale of each criterion, and how many answers of each candidate have each score. */
export function rubricView(rubric: RubricSummary | undefined): TemplateResult | typeof nothing {
  if (!rubric) return nothing;
  return html`<h3>How it was scored</h3>
    <p class="subtitle">By ${rubric.name}, ${rubric.questions} questions.</p>
    ${rubric.criteria.map(criterionView)}`;
}

function criterionView({ metric, criteria, scale, lowest, unread, scores }: RubricCriterion): TemplateResult {
  const name = displayMetric(metric);
  const [counts = []] = Object.values(scores);
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${`Answers by their ${name}`}>
    <table class="data scored">
      <caption>
        Answers by their ${name}:
        ${criteria}${unread === 0 ? '' : `; ${unread} without a score, whose rows do not count`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Candidate</th>
          ${counts.map((_, i) => html`<th scope="col">${lowest + i}${scaleWords(scale[lowest + i])}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${Object.entries(scores).map(
          ([candidate, own]) =>
            html`<tr>
              <th scope="row">${candidate}</th>
              ${own.map((count) => html`<td class="number">${count}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function scaleWords(words: string | undefined): string {
  return words === undefined ? '' : `: ${words}`;
}
