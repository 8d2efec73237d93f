import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { PlaygroundCandidate, PlaygroundTurn } from '../../../protocol/playground.ts';
import { button } from '../../ui/controls.ts';
import { icon } from '../../ui/icons.ts';
import { shown, type PlaygroundModel } from '../model.ts';
import { settingsWords } from '../words.ts';
import type { PlaygroundActions } from './actions.ts';
import { answerView } from './answer-view.ts';
import { composerView } from './composer-view.ts';

const ANSWERS = {
  chat: 'hears the conversation',
  text: 'hears each message alone',
  labels: 'labels each message',
} as const;

/** The whole page. */
export function playgroundView(model: PlaygroundModel, actions: PlaygroundActions): TemplateResult {
  const candidates = shown(model);
  const { hidden, turns } = model.state;
  return html`<div id="announcements" class="visually-hidden" role="status" aria-live="polite">
      ${model.announcement}
    </div>
    <header class="head">
      <h1>Playground</h1>
      ${button({ text: 'Add Candidates', icon: 'add', label: 'Add Candidates…', onClick: () => actions.addCandidates() })}
      ${hidden.length === 0 ? nothing : button({ text: `Show All (${hidden.length} hidden)`, onClick: () => actions.showAll() })}
    </header>
    ${model.unavailable === undefined ? nothing : html`<p class="notice warning">${icon('warning')}<span>${model.unavailable}</span></p>`}
    ${model.candidates ? nothing : model.unavailable === undefined ? html`<p class="empty">Looking at the candidates.</p>` : nothing}
    ${model.candidates && candidates.length === 0 ? html`<p class="empty">There is nobody to ask. Add candidates, or show those that are hidden.</p>` : nothing}
    <div
      class="talk"
      id="talk"
      tabindex="0"
      role="region"
      aria-label="Conversation"
      .style=${`--candidates: ${Math.max(1, candidates.length)}`}
    >
      ${
        candidates.length === 0
          ? nothing
          : html`<ul class="candidates" aria-label="Candidates">
              ${candidates.map((each) => candidateView(each, actions))}
            </ul>`
      }
      ${repeat(
        turns,
        ({ id }) => id,
        (turn) => turnView(model, turn, candidates, actions),
      )}
    </div>
    ${composerView(model, actions)}`;
}

function candidateView(
  { id, name, about, answers, settings, problem }: PlaygroundCandidate,
  actions: PlaygroundActions,
): TemplateResult {
  const own = settingsWords(settings);
  return html`<li class="candidate">
    <h2>${name} ${button({ icon: 'close', label: `Hide ${name}`, onClick: () => actions.hide(id) })}</h2>
    <p class="subtitle">${about} · ${ANSWERS[answers]}</p>
    ${own === '' ? nothing : html`<p class="subtitle">${own}</p>`}
    ${problem === undefined ? nothing : html`<p class="notice warning">${icon('warning')}<span>${problem}</span></p>`}
  </li>`;
}

function turnView(
  model: PlaygroundModel,
  turn: PlaygroundTurn,
  candidates: readonly PlaygroundCandidate[],
  actions: PlaygroundActions,
): TemplateResult {
  const slots = Object.entries(turn.slots);
  return html`<article class="turn" aria-label=${`Turn ${turn.id}`}>
    <div class="question">
      <p class="body">${turn.text}</p>
      ${slots.length === 0 ? nothing : html`<p class="subtitle">${slots.map(([name, value]) => `${name}: ${value}`).join(' · ')}</p>`}
    </div>
    <div class="answers">${candidates.map((candidate) => answerView(model, turn, candidate, actions))}</div>
  </article>`;
}
