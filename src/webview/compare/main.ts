import { render } from 'lit';
import {
  ROWS_PAGE,
  type ComparePanelState,
  type CompareQuery,
  type FromComparePanel,
  type ToComparePanel,
} from '../../protocol/compare.ts';
import evaluationStyles from '../ui/evaluation.css';
import { onceAFrame } from '../ui/once-a-frame.ts';
import { adoptStyles } from '../ui/stylesheets.ts';
import { registerToolkit } from '../ui/toolkit.ts';
import uiStyles from '../ui/ui.css';
import { connect, stateInPage } from '../ui/vscode-api.ts';
import styles from './compare.css';
import { shortcut } from './keys.ts';
import { scrollTo } from './layout.ts';
import { applyMessage, missingPages, sameRows, startModel, stateOf, type CompareModel } from './model.ts';
import { compareView } from './view/compare-view.ts';
import type { CompareActions } from './view/actions.ts';
import { ballotOf, nextToVote, voteOn, type Ballot } from './voting.ts';

/** The page of the comparison panel: keeps the model, draws it, and talks with the extension host. */

const vscode = connect<FromComparePanel, ComparePanelState>();
const root = document.getElementById('compare');
if (!root) throw new Error('The page has no place for the comparison.');

adoptStyles(uiStyles, evaluationStyles, styles);
registerToolkit();

/** Milliseconds after the last letter before the filter goes to the host. */
const TYPING = 120;

let model: CompareModel = startModel(vscode.getState() ?? stateInPage(root));
let ballot: Ballot | undefined;
const schedule = onceAFrame(draw);
let queryTimer: number | undefined;
/** The row to open when its selection is there. */
let toOpen = model.state.open;
/** The row that was asked for last: an answer about one before it comes too late, and would take the keyboard back there. */
let askedFor: number | undefined;
/** The row that the keyboard is on is to be opened as soon as it is here. */
let isFollowing = true;
/** The votes were opened, and the first ballot is to have the focus. */
let isAwaitingBallot = false;
const asked = new Set<string>();
root.replaceChildren();

const actions: CompareActions = {
  setQuery: (part) => setQuery({ ...model.query, ...part }),
  clearFilters: () => setQuery({ a: model.query.a, b: model.query.b, chip: 'all', sort: model.query.sort }),
  setTab: (tab) => {
    change({ tab });
    if (tab === 'votes') seekBallot(0);
    isAwaitingBallot = tab === 'votes';
  },
  setAgainst: (against) => change({ against }),
  moveTo,
  moveBy: (places) => moveTo(model.active + places),
  moveToEnd: () => moveTo(Infinity),
  scrolled: () => schedule(),
  focusDetail: () => document.getElementById('detail')?.focus(),
  focusGrid: () => grid()?.focus(),
  copyLink: (index) => {
    vscode.postMessage({ type: 'copyLink', index });
    change({ announcement: `The link to row ${index} was copied.` });
  },
  openSource: (index) => vscode.postMessage({ type: 'openSource', index }),
  openText: (index, candidate) =>
    vscode.postMessage({ type: 'openText', index, ...(candidate === undefined ? {} : { candidate }) }),
  exportRows: () => vscode.postMessage({ type: 'export' }),
  edit: (candidate) => {
    const { editing: _, ...rest } = model;
    model = candidate === undefined ? rest : { ...rest, editing: candidate };
    schedule();
    requestAnimationFrame(() => document.getElementById('edited-answer')?.focus());
  },
  saveEdit: (candidate, output) => {
    if (!model.detail) return;
    vscode.postMessage({ type: 'edit', index: model.detail.index, candidate, output });
    actions.edit(undefined);
    change({ announcement: 'The better answer is kept.' });
  },
  vote: (winner) => {
    if (!ballot) return;
    const vote = voteOn(ballot, winner);
    ballot = undefined;
    vscode.postMessage({ type: 'vote', vote });
    const voted = [...(model.votes?.voted ?? []), vote.index];
    if (model.votes) change({ votes: { ...model.votes, voted } });
    isAwaitingBallot = true;
    seekBallot(model.active + 1);
  },
  skip: () => {
    isAwaitingBallot = true;
    seekBallot(model.active + 1);
  },
  undoVote: () => {
    isAwaitingBallot = true;
    vscode.postMessage({ type: 'undoVote' });
  },
  makePreferences: () => vscode.postMessage({ type: 'makePreferences' }),
};

window.addEventListener('message', ({ data }: MessageEvent<ToComparePanel>) => receive(data));
window.addEventListener('keydown', (event) => shortcut(event, model, actions));
new ResizeObserver(schedule).observe(document.body);
vscode.postMessage({ type: 'ready', query: model.query });
schedule();

function receive(message: ToComparePanel): void {
  if (message.type === 'detail' && message.detail && message.detail.index !== askedFor) return;
  const before = model;
  model = applyMessage(model, message);
  if (message.type === 'selection') {
    asked.clear();
    const isSame = before.selection !== undefined && sameRows(before.selection.query, message.query);
    const index = toOpen ?? (isSame ? before.detail?.index : undefined);
    if (index !== undefined) askFor(index);
    isFollowing = index === undefined;
    if (model.tab === 'votes') seekBallot(0);
  } else if (message.type === 'show') {
    toOpen = message.index;
    ballot = undefined;
    askFor(message.index);
  } else if (message.type === 'detail') {
    toOpen = undefined;
    if (model.active !== before.active || before.detail === undefined) reveal(model.active);
    draftBallot();
  } else if (message.type === 'rows') {
    if (isFollowing) askForDetail();
    if (model.tab === 'votes' && !ballot) seekBallot(model.active);
  }
  schedule();
}

function change(part: Partial<CompareModel>): void {
  model = { ...model, ...part };
  schedule();
}

function setQuery(query: CompareQuery): void {
  for (const key of ['label', 'text', 'length', 'score'] as const)
    if (query[key] === '' || query[key] === undefined) delete query[key];
  const isTyping = query.text !== model.query.text;
  change({ query });
  window.clearTimeout(queryTimer);
  queryTimer = window.setTimeout(() => vscode.postMessage({ type: 'query', query }), isTyping ? TYPING : 0);
  const scroller = grid();
  if (scroller) scroller.scrollTop = 0;
}

function moveTo(place: number): void {
  const last = (model.selection?.count ?? 0) - 1;
  if (last < 0) return;
  const active = Math.min(last, Math.max(0, place));
  change({ active });
  reveal(active);
  askForDetail();
}

function reveal(place: number): void {
  const scroller = grid();
  if (!scroller) return;
  const top = scrollTo(place, model.selection?.count ?? 0, scroller.scrollTop, listHeight(scroller));
  if (top !== scroller.scrollTop) scroller.scrollTop = top;
}

/** Opens the row that the keyboard is on, as soon as it is known which one that is. */
function askForDetail(): void {
  const row = model.rows.get(model.active);
  isFollowing = row === undefined;
  if (row) askFor(row.index);
}

function askFor(index: number): void {
  askedFor = index;
  vscode.postMessage({ type: 'detail', index });
}

/** Goes to the next row that needs a vote. */
function seekBallot(from: number): void {
  ballot = undefined;
  const place = nextToVote(model, from);
  if (place === undefined) return schedule();
  change({ active: place });
  if (model.rows.has(place)) {
    if (model.rows.get(place)?.index === model.detail?.index) draftBallot();
    else askForDetail();
  } else askForRows(place, place + ROWS_PAGE);
}

function draftBallot(): void {
  const coin = (crypto.getRandomValues(new Uint8Array(1))[0] ?? 0) % 2 === 0;
  if (model.tab === 'votes' && !ballot) ballot = ballotOf(model, coin);
  schedule();
}

function draw(): void {
  if (!root) return;
  const scroller = grid();
  const scroll = { top: scroller?.scrollTop ?? 0, height: scroller ? listHeight(scroller) : 600 };
  render(compareView(model, { scroll, ballot }, actions), root);
  vscode.setState(stateOf(model));
  const first = Math.floor(
    (scroll.top / Math.max(1, scroller?.scrollHeight ?? 1)) * (model.selection?.count ?? 0),
  );
  if (model.tab === 'rows') askForRows(first - 20, first + Math.ceil(scroll.height / 40) + 40);
  const shown = isAwaitingBallot ? document.getElementById('ballot') : null;
  if (shown) isAwaitingBallot = false;
  shown?.focus();
  // A list that has just come has a height only now.
  if (!scroller && grid()) schedule();
}

function askForRows(from: number, to: number): void {
  for (const [start, end] of missingPages(model, from, to, ROWS_PAGE)) {
    const key = `${model.selection?.version} ${start}`;
    if (asked.has(key)) continue;
    asked.add(key);
    vscode.postMessage({ type: 'rows', from: start, to: end });
  }
}

function grid(): HTMLElement | null {
  return document.getElementById('grid');
}

/** Of what is seen of the rows, without their heads. */
function listHeight(scroller: HTMLElement): number {
  const head = scroller.querySelector('.head');
  return Math.max(0, scroller.clientHeight - (head instanceof HTMLElement ? head.offsetHeight : 0));
}
