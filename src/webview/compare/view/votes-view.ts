import { html, nothing, type TemplateResult } from 'lit';
import type { Preference } from '../../../protocol/compare.ts';
import { button } from '../../ui/controls.ts';
import type { CompareModel } from '../model.ts';
import { answerOf, VOTE_KEYS, type Ballot } from '../voting.ts';
import type { CompareActions } from './actions.ts';

/** Blind votes: two answers without their names, on sides drawn by chance, and what the votes so far say. */
export function votesView(
  model: CompareModel,
  ballot: Ballot | undefined,
  actions: CompareActions,
): TemplateResult {
  return html`<div class="voting">
    ${ballot ? ballotView(model, ballot, actions) : doneView(model)} ${ratingsView(model, actions)}
  </div>`;
}

function ballotView(model: CompareModel, ballot: Ballot, actions: CompareActions): TemplateResult {
  const { detail, overview } = model;
  const output = (name: string) => detail && answerOf(detail, overview?.candidates ?? [], name)?.output;
  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const winner = VOTE_KEYS[event.key];
    if (winner === undefined && event.key !== 's' && event.key !== 'u') return;
    event.preventDefault();
    if (winner !== undefined) actions.vote(winner);
    else if (event.key === 's') actions.skip();
    else actions.undoVote();
  };
  const buttons: [Preference, string][] = [
    ['left', 'Left (←)'],
    ['right', 'Right (→)'],
    ['tie', 'Tie (↑)'],
    ['both-bad', 'Both Bad (↓)'],
  ];
  return html`<section
    id="ballot"
    class="ballot"
    tabindex="0"
    role="group"
    aria-label=${`Which answer to row ${ballot.index} is better?`}
    @keydown=${keys}
  >
    <h2>Which answer is better?</h2>
    <p class="subtitle">
      Whose they are is hidden, and the sides are drawn by chance. Keys: ← left, → right, ↑ tie, ↓ both bad, S
      skips, U takes the newest vote back.
    </p>
    <div class="piece">
      <h3>Input of row ${ballot.index}</h3>
      <p class="body">${detail?.input ?? ''}</p>
    </div>
    <div class="sides">
      <div class="piece">
        <h3>Left</h3>
        <p class="body">${output(ballot.left) || html`<em>empty</em>`}</p>
      </div>
      <div class="piece">
        <h3>Right</h3>
        <p class="body">${output(ballot.right) || html`<em>empty</em>`}</p>
      </div>
    </div>
    <div class="buttons">
      ${buttons.map(([winner, text]) => button({ text, onClick: () => actions.vote(winner) }))}
      ${button({ text: 'Skip (S)', onClick: () => actions.skip() })}
    </div>
  </section>`;
}

function doneView({ selection, query }: CompareModel): TemplateResult {
  return html`<p class="empty">
    ${
      (selection?.count ?? 0) === 0
        ? 'The filters leave no row to vote on.'
        : `There is no row left to vote on: ${query.a} and ${query.b} give the same output on the others, or have been voted on. Other filters or candidates may have some.`
    }
  </p>`;
}

function ratingsView({ votes }: CompareModel, actions: CompareActions): TemplateResult {
  const count = votes?.count ?? 0;
  const words = count === 1 ? '1 vote' : `${count} votes`;
  return html`<section class="ratings" aria-label="What the votes say">
    <h2>${words} so far</h2>
    ${
      votes && votes.ratings.length > 0
        ? html`<table class="data">
            <caption>
              Bradley–Terry ratings in Elo points around 0, with 95 % confidence intervals
            </caption>
            <thead>
              <tr>
                ${['Candidate', 'Rating', '95 % CI', 'Won', 'Lost', 'Tied'].map((title) => html`<th scope="col">${title}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${votes.ratings.map(
                ({ candidate, points, ci, won, lost, tied }) =>
                  html`<tr>
                    <th scope="row">${candidate}</th>
                    <td>${signed(points)}</td>
                    <td>${signed(ci[0])} to ${signed(ci[1])}</td>
                    <td>${won}</td>
                    <td>${lost}</td>
                    <td>${tied}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
        : html`<p class="empty">Ratings appear with the first vote.</p>`
    }
    ${
      votes?.ratings[0]?.unbounded === undefined
        ? nothing
        : html`<p class="subtitle">Do not lean on these yet: ${votes.ratings[0].unbounded}.</p>`
    }
    <div class="buttons">
      ${button({ text: 'Undo Vote', icon: 'undo', disabled: count === 0, onClick: () => actions.undoVote() })}
      ${button({ text: 'Make Preference Data', icon: 'export', primary: true, disabled: count === 0 && (votes?.edits ?? 0) === 0, onClick: () => actions.makePreferences() })}
    </div>
  </section>`;
}

function signed(points: number): string {
  const whole = Math.round(points);
  return whole > 0 ? `+${whole}` : whole < 0 ? `−${-whole}` : '0';
}
