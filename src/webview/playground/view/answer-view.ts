import { html, nothing, type TemplateResult } from 'lit';
import type { KeptAnswer, PlaygroundCandidate, PlaygroundTurn } from '../../../protocol/playground.ts';
import { button } from '../../ui/controls.ts';
import { icon } from '../../ui/icons.ts';
import { keepParams, othersThan, placeOf, type LiveAnswer, type PlaygroundModel } from '../model.ts';
import { answerStats, percent } from '../words.ts';
import type { PlaygroundActions } from './actions.ts';

const STATES = {
  waiting: 'Waits for its turn…',
  loading: 'Reads its weights…',
  reading: 'Reads the prompt…',
} as const;

/** Labels that are shown of a classifier. */
const MOST_LABELS = 8;

/** What one candidate made of a question, or makes of it now. */
export function answerView(
  model: PlaygroundModel,
  turn: PlaygroundTurn,
  candidate: PlaygroundCandidate,
  actions: PlaygroundActions,
): TemplateResult {
  const answer = turn.answers[candidate.id];
  const live = model.going?.turn === turn.id ? model.going.live[candidate.id] : undefined;
  return html`<section
    class="answer"
    aria-label=${`Answer of ${candidate.name}`}
    aria-busy=${live ? 'true' : 'false'}
  >
    <h3>${candidate.name}</h3>
    ${answer ? endedView(model, turn, candidate, answer, actions) : live ? liveView(live) : html`<p class="subtitle">Was not asked.</p>`}
  </section>`;
}

function liveView({ text, state, note }: LiveAnswer): TemplateResult {
  return html`<p class="body">${text}<span class="caret" aria-hidden="true"></span></p>
    ${state ? html`<p class="subtitle">${STATES[state]}</p>` : nothing}
    ${note === undefined ? nothing : html`<p class="subtitle">${note}</p>`}`;
}

function endedView(
  model: PlaygroundModel,
  turn: PlaygroundTurn,
  candidate: PlaygroundCandidate,
  answer: KeptAnswer,
  actions: PlaygroundActions,
): TemplateResult {
  if (answer.state === 'failed')
    return html`<p class="notice warning">
      ${icon('warning')}<span>${answer.message} ${answer.hint ?? nothing}</span>
    </p>`;
  if (answer.state === 'stopped')
    return html`<p class="body">${answer.text}</p>
      <p class="subtitle">Stopped.</p>`;
  const body = answer.labels
    ? labelsView(answer.labels)
    : html`<p class="body">${answer.text === '' ? html`<em>empty</em>` : answer.text}</p>`;
  return html`${body}
    <p class="stats">${answerStats(answer)}</p>
    ${answer.note === undefined ? nothing : html`<p class="subtitle">${answer.note}</p>`}
    ${answer.labels ? nothing : keepView(model, turn, candidate, answer.text, actions)}`;
}

function labelsView(labels: readonly { label: string; probability: number }[]): TemplateResult {
  const more = labels.length - MOST_LABELS;
  return html`<table class="labels">
      <caption class="visually-hidden">
        Labels and their probabilities, the likeliest first
      </caption>
      <tbody>
        ${labels.slice(0, MOST_LABELS).map(
          ({ label, probability }) =>
            html`<tr>
              <th scope="row">${label}</th>
              <td class="bar" aria-hidden="true">
                <span .style=${`width: ${(probability * 100).toFixed(2)}%`}></span>
              </td>
              <td class="number">${percent(probability)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${more > 0 ? html`<p class="subtitle">${more === 1 ? '1 more label is' : `${more} more labels are`} less likely.</p>` : nothing}`;
}

function keepView(
  model: PlaygroundModel,
  turn: PlaygroundTurn,
  { id, name }: PlaygroundCandidate,
  text: string,
  actions: PlaygroundActions,
): TemplateResult {
  if (model.editing?.turn === turn.id && model.editing.candidate === id)
    return editView(turn.id, id, name, text, actions);
  const kept = model.kept[placeOf(turn.id, id)];
  const isBest = othersThan(turn, id, text, model).length > 0;
  return html`<div class="buttons">
      ${button({ text: 'Prefer', label: `Prefer the answer of ${name} to the others`, disabled: !isBest || keepParams(model, { kind: 'pair', turn: turn.id, candidate: id }) === undefined, onClick: () => actions.keep('pair', turn.id, id) })}
      ${button({ text: 'Keep Row', label: `Keep Row: the answer of ${name} to train on`, onClick: () => actions.keep('row', turn.id, id) })}
      ${button({ text: 'Edit', label: `Edit the answer of ${name}`, icon: 'edit', onClick: () => actions.edit(turn.id, id) })}
    </div>
    ${kept === undefined ? nothing : html`<p class="subtitle">${kept} ${button({ text: 'Open Config', label: 'Open Config of what was kept', onClick: () => actions.openKept() })}</p>`}`;
}

function editView(
  turn: number,
  id: string,
  name: string,
  text: string,
  actions: PlaygroundActions,
): TemplateResult {
  const written = () => {
    const area = document.getElementById('edited-answer');
    return area instanceof HTMLTextAreaElement ? area.value : text;
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') actions.endEdit();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
      actions.keep('row', turn, id, written());
  };
  return html`<div class="editor">
    <label for="edited-answer">Better answer than that of ${name}</label>
    <textarea id="edited-answer" rows="4" .value=${text} @keydown=${keys}></textarea>
    <div class="buttons">
      ${button({ text: 'Keep Row', label: 'Keep Row: this text to train on', primary: true, onClick: () => actions.keep('row', turn, id, written()) })}
      ${button({ text: 'Keep Pair', label: `Keep Pair: this text preferred to the answer of ${name}`, onClick: () => actions.keep('pair', turn, id, written()) })}
      ${button({ text: 'Cancel', onClick: () => actions.endEdit() })}
    </div>
  </div>`;
}
