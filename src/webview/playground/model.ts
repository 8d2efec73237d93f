import type {
  FromPlayground,
  KeepKind,
  KeepParams,
  KeptAnswer,
  PastTurn,
  PlaygroundCandidate,
  PlaygroundState,
  PlaygroundTurn,
  ToPlayground,
} from '../../protocol/playground.ts';
import { answerWords } from './words.ts';

/** An answer in the making. */
export interface LiveAnswer {
  text: string;
  state?: 'waiting' | 'loading' | 'reading';
  note?: string;
}

/** Everything that the page shows. Never changed in place. */
export interface PlaygroundModel {
  state: PlaygroundState;
  /** Undefined until they were found. */
  candidates?: readonly PlaygroundCandidate[];
  unavailable?: string;
  draft: { text: string; slots: Readonly<Record<string, string>> };
  /** The turn that is being answered, and what has come of the answers that are not whole. */
  going?: { turn: number; live: Readonly<Record<string, LiveAnswer>> };
  editing?: { turn: number; candidate: string };
  /** What became of answers that were kept, by {@link placeOf}. */
  kept: Readonly<Record<string, string>>;
  hasKept: boolean;
  /** Said to screen readers. */
  announcement: string;
}

/** Turns that are kept over a reload. */
const MOST_TURNS = 100;

/** The model of a page that has just been made. */
export function startModel(state: PlaygroundState): PlaygroundModel {
  return { state, draft: { text: '', slots: {} }, kept: {}, hasKept: false, announcement: '' };
}

/** The candidates that are shown. */
export function shown({ candidates = [], state }: PlaygroundModel): PlaygroundCandidate[] {
  return candidates.filter(({ id }) => !state.hidden.includes(id));
}

/** Columns of prompts that are filled besides the typed text, each once. */
export function slotsOf(model: PlaygroundModel): string[] {
  return [...new Set(shown(model).flatMap(({ slots }) => slots))];
}

export function placeOf(turn: number, candidate: string): string {
  return `${turn} ${candidate}`;
}

/** Takes a message of the host. */
export function applyMessage(model: PlaygroundModel, message: ToPlayground): PlaygroundModel {
  switch (message.type) {
    case 'candidates': {
      const { unavailable: _, ...rest } = model;
      const { candidates, sources } = message;
      return { ...rest, candidates, state: { ...model.state, sources } };
    }
    case 'unavailable':
      return { ...model, unavailable: message.message };
    case 'going': {
      const { going: _, ...rest } = model;
      return message.turn === undefined ? rest : { ...rest, going: { turn: message.turn, live: {} } };
    }
    case 'progress':
      return progress(model, message);
    case 'answer':
      return addAnswer(model, message);
    case 'kept':
      return keep(model, message);
  }
}

function progress(
  model: PlaygroundModel,
  { turn, candidate, text = '', state, note }: ToPlayground & { type: 'progress' },
): PlaygroundModel {
  if (model.going?.turn !== turn) return model;
  const { state: before, ...known } = model.going.live[candidate] ?? { text: '' };
  const now = state ?? (text === '' ? before : undefined);
  const live: LiveAnswer = {
    ...known,
    text: known.text + text,
    ...(now ? { state: now } : {}),
    ...(note === undefined ? {} : { note }),
  };
  return { ...model, going: { turn, live: { ...model.going.live, [candidate]: live } } };
}

function addAnswer(
  model: PlaygroundModel,
  { turn, candidate, answer }: ToPlayground & { type: 'answer' },
): PlaygroundModel {
  const turns = model.state.turns.map((each) =>
    each.id === turn ? { ...each, answers: { ...each.answers, [candidate]: answer } } : each,
  );
  const name = model.candidates?.find(({ id }) => id === candidate)?.name ?? candidate;
  const { going, ...rest } = model;
  const next = { ...rest, state: { ...model.state, turns }, announcement: `${name}: ${answerWords(answer)}` };
  if (going?.turn !== turn) return going ? { ...next, going } : next;
  const live = Object.fromEntries(Object.entries(going.live).filter(([id]) => id !== candidate));
  return Object.keys(live).length === 0 ? next : { ...next, going: { turn, live } };
}

function keep(
  model: PlaygroundModel,
  { kind, turn, candidate, file, rows }: ToPlayground & { type: 'kept' },
): PlaygroundModel {
  const what =
    kind === 'row' ? 'Kept as a row to train on' : `Kept as ${rows === 1 ? 'a pair' : `${rows} pairs`}`;
  const words = `${what} in ${file}.`;
  return {
    ...model,
    hasKept: true,
    kept: { ...model.kept, [placeOf(turn, candidate)]: words },
    announcement: words,
  };
}

/** A question, the turn that it begins, and the message that asks it. */
export function ask(model: PlaygroundModel): { model: PlaygroundModel; message: FromPlayground } | undefined {
  const asked = shown(model).filter(({ problem }) => problem === undefined);
  const { text, slots } = model.draft;
  if (model.going || asked.length === 0 || text.trim() === '') return undefined;
  const id = Math.max(0, ...model.state.turns.map((turn) => turn.id)) + 1;
  const past = Object.fromEntries(asked.map((each) => [each.id, pastOf(model.state.turns, each)]));
  const live = Object.fromEntries(asked.map((each): [string, LiveAnswer] => [each.id, { text: '' }]));
  const own = Object.fromEntries(slotsOf(model).map((slot) => [slot, slots[slot] ?? '']));
  const turn: PlaygroundTurn = { id, text, slots: own, answers: {} };
  const turns = [...model.state.turns, turn].slice(-MOST_TURNS);
  return {
    model: {
      ...model,
      state: { ...model.state, turns },
      draft: { text: '', slots },
      going: { turn: id, live },
      announcement: asked.length === 1 ? 'Asked.' : `Asked ${asked.length} candidates.`,
    },
    message: { type: 'ask', turn: id, text, slots: own, settings: model.state.settings, past },
  };
}

/** The newest question once more: the turn is taken back, and what was asked stands in the field again. */
export function takeBack(model: PlaygroundModel): PlaygroundModel {
  const last = model.state.turns.at(-1);
  if (!last || model.going) return model;
  const turns = model.state.turns.slice(0, -1);
  return {
    ...model,
    state: { ...model.state, turns },
    draft: { text: last.text, slots: { ...model.draft.slots, ...last.slots } },
  };
}

/** What a candidate heard and said; only a chat hears it, and only of turns that it answered. */
function pastOf(turns: readonly PlaygroundTurn[], { id, answers }: PlaygroundCandidate): PastTurn[] {
  if (answers !== 'chat') return [];
  return turns.flatMap((turn) => {
    const answer = turn.answers[id];
    return answer && answer.state !== 'failed' ? [{ user: turn.text, assistant: answer.text }] : [];
  });
}

/** Other answers to a turn that differ from a text: what it can be better than. */
export function othersThan(
  turn: PlaygroundTurn,
  candidate: string,
  text: string,
  model: PlaygroundModel,
): string[] {
  const visible = new Set(shown(model).map(({ id }) => id));
  const others = Object.entries(turn.answers).flatMap(([id, answer]) =>
    id !== candidate && visible.has(id) && answer.state === 'done' && !answer.labels ? [answer.text] : [],
  );
  return [...new Set(others)].filter((other) => other !== text);
}

/**
 * What is to be kept of an answer.
 * @param edited what a person wrote in its place: it is better than the answer itself too
 */
export function keepParams(
  model: PlaygroundModel,
  { kind, turn, candidate, edited }: { kind: KeepKind; turn: number; candidate: string; edited?: string },
): KeepParams | undefined {
  const asked = model.state.turns.find(({ id }) => id === turn);
  const answer: KeptAnswer | undefined = asked?.answers[candidate];
  if (!asked || answer?.state !== 'done') return undefined;
  const better = edited ?? answer.text;
  const isChanged = better !== answer.text;
  const worse = kind === 'row' ? [] : isChanged ? [answer.text] : othersThan(asked, candidate, better, model);
  return kind === 'pair' && worse.length === 0 ? undefined : { prompt: answer.prompt, better, worse };
}
