import { isFinal, type RunEvent, type RunState } from '../protocol/events.ts';
import type { WireNumber } from '../protocol/numbers.ts';
import type { RunSummary } from '../protocol/run.ts';

/** What the events of a run add up to. Everything that shows a run is made from this one fold. */
export interface RunFold {
  /** `seq` of the last event that was folded in. */
  seq: number;
  /** Without any event a run is being prepared. */
  state: RunState;
  reason?: string;
  progress?: RunSummary['progress'];
  /** The last value of every metric. */
  metrics: Record<string, WireNumber>;
  /** What the process last took of its machine. */
  system?: Record<string, WireNumber>;
  step: number;
  epoch: number;
  warnings: number;
  /** The process that works on it now was told that memory is tight. */
  warnedOfMemory?: boolean;
  error?: RunSummary['error'];
  checkpoint?: RunSummary['checkpoint'];
  /** When the run first computed something. */
  startedAt?: string;
  finishedAt?: string;
}

/** The fold of no events. */
export const EMPTY_FOLD: Readonly<RunFold> = {
  seq: 0,
  state: 'preparing',
  metrics: {},
  step: 0,
  epoch: 0,
  warnings: 0,
};

/**
 * Folds events into what a run is now. Pure: the same events give the same fold in whatever pieces they come. An event
 * that was seen already (`seq` not above the last) changes nothing.
 */
export function reduce(events: Iterable<RunEvent>, from: Readonly<RunFold> = EMPTY_FOLD): RunFold {
  const fold: RunFold = { ...from, metrics: { ...from.metrics } };
  for (const event of events) {
    if (event.seq <= fold.seq) continue;
    fold.seq = event.seq;
    apply(fold, event);
  }
  return fold;
}

function apply(fold: RunFold, event: RunEvent): void {
  switch (event.type) {
    case 'state':
      applyState(fold, event.state, event.reason, event.time);
      break;
    case 'progress': {
      const { phase, done, total, rate, secondsLeft } = event;
      fold.progress = { phase, done, total, rate, secondsLeft };
      break;
    }
    case 'metrics':
      fold.step = event.step;
      fold.epoch = event.epoch;
      Object.assign(fold.metrics, event.values);
      break;
    case 'system':
      fold.system = event.values;
      break;
    case 'warning':
      fold.warnings++;
      if (event.code === 'run/memory-tight') fold.warnedOfMemory = true;
      break;
    case 'checkpoint':
      fold.checkpoint = { step: event.step, path: event.path };
      break;
    case 'error':
      fold.error = { code: event.code, message: event.message, hint: event.hint };
      break;
    case 'sample':
    case 'evaluation':
      break;
  }
}

function applyState(fold: RunFold, state: RunState, reason: string | undefined, time: string): void {
  // A run that goes on after its end (a resume) has no end and no error any more.
  if (isFinal(fold.state) && !isFinal(state)) fold.error = undefined;
  // The next process to work on it finds out anew.
  if (state === 'preparing' && fold.warnedOfMemory) fold.warnedOfMemory = false;
  fold.state = state;
  fold.reason = reason;
  if (state === 'running') fold.startedAt ??= time;
  fold.finishedAt = isFinal(state) ? time : undefined;
}
