import { render } from 'lit';
import type { FromPlayground, PlaygroundState, ToPlayground } from '../../protocol/playground.ts';
import { onceAFrame } from '../ui/once-a-frame.ts';
import { adoptStyles } from '../ui/stylesheets.ts';
import { registerToolkit } from '../ui/toolkit.ts';
import uiStyles from '../ui/ui.css';
import { connect, stateInPage } from '../ui/vscode-api.ts';
import { applyMessage, ask, keepParams, shown, startModel, takeBack, type PlaygroundModel } from './model.ts';
import styles from './playground.css';
import type { PlaygroundActions } from './view/actions.ts';
import { playgroundView } from './view/playground-view.ts';

/** The page of the playground: keeps the model, draws it, and talks with the extension host. */
const vscode = connect<FromPlayground, PlaygroundState>();
const root = document.getElementById('playground');
if (!root) throw new Error('The page has no place for the playground.');
adoptStyles(uiStyles, styles);
registerToolkit();

let model: PlaygroundModel = startModel(vscode.getState() ?? stateInPage(root));
const schedule = onceAFrame(draw);
/** A question was asked before the candidates were found, and goes to them as soon as they are. */
let isAskAwaited = false;
root.replaceChildren();

// Each looks at the model of the moment: a key may come before what the last one did is drawn.
const actions: PlaygroundActions = {
  type: (text) => change({ draft: { ...model.draft, text } }),
  fill: (slot, text) => change({ draft: { ...model.draft, slots: { ...model.draft.slots, [slot]: text } } }),
  send: () => {
    isAskAwaited = model.candidates === undefined && model.draft.text.trim() !== '';
    if (isAskAwaited) return change({ announcement: 'Asked as soon as the candidates are found.' });
    const asked = ask(model);
    if (!asked) return;
    model = asked.model;
    vscode.postMessage(asked.message);
    schedule();
    requestAnimationFrame(scrollToEnd);
  },
  stop: () => vscode.postMessage({ type: 'stop' }),
  takeBack: () => {
    model = takeBack(model);
    schedule();
    document.getElementById('question')?.focus();
  },
  clear: () => {
    if (model.going) return;
    change({ state: { ...model.state, turns: [] }, kept: {}, announcement: 'The conversation is cleared.' });
    document.getElementById('question')?.focus();
  },
  setSettings: (part) => {
    const settings = Object.fromEntries(
      Object.entries({ ...model.state.settings, ...part }).filter(([, value]) => value !== undefined),
    );
    change({ state: { ...model.state, settings } });
  },
  addCandidates: () => vscode.postMessage({ type: 'addCandidates' }),
  hide: (candidate) => {
    const name = shown(model).find(({ id }) => id === candidate)?.name ?? '';
    change({
      state: { ...model.state, hidden: [...model.state.hidden, candidate] },
      announcement: `${name} is hidden.`,
    });
    document.getElementById('talk')?.focus();
  },
  showAll: () => change({ state: { ...model.state, hidden: [] } }),
  keep: (kind, turn, candidate, edited) => {
    const keep = keepParams(model, { kind, turn, candidate, ...(edited === undefined ? {} : { edited }) });
    if (!keep) return change({ announcement: 'The text is that of the answer: there is no pair to keep.' });
    vscode.postMessage({ type: 'keep', kind, turn, candidate, keep });
    actions.endEdit();
  },
  edit: (turn, candidate) => {
    change({ editing: { turn, candidate } });
    requestAnimationFrame(() =>
      requestAnimationFrame(() => document.getElementById('edited-answer')?.focus()),
    );
  },
  endEdit: () => {
    const { editing, ...rest } = model;
    if (!editing) return;
    model = rest;
    schedule();
    document.getElementById('talk')?.focus();
  },
  openKept: () => vscode.postMessage({ type: 'openKept' }),
};

window.addEventListener('message', ({ data }: MessageEvent<ToPlayground>) => {
  const isAtEnd = atEnd();
  model = applyMessage(model, data);
  schedule();
  // What goes on is told last to a page that has just come.
  if (data.type === 'going' && isAskAwaited && model.candidates) actions.send();
  if (isAtEnd) requestAnimationFrame(scrollToEnd);
});
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && model.going && !event.defaultPrevented) actions.stop();
});
vscode.postMessage({ type: 'ready' });
schedule();

function change(part: Partial<PlaygroundModel>): void {
  model = { ...model, ...part };
  schedule();
}

function draw(): void {
  if (root) render(playgroundView(model, actions), root);
  vscode.setState(model.state);
}

function atEnd(): boolean {
  const talk = document.getElementById('talk');
  return talk !== null && talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40;
}

function scrollToEnd(): void {
  const talk = document.getElementById('talk');
  if (talk) talk.scrollTop = talk.scrollHeight;
}
