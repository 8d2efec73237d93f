import type { RunEvent } from '../protocol/events.ts';
import { fromWire } from '../protocol/numbers.ts';
import { RunReader } from './read.ts';

/** The losses of a run, each with its step: those of training steps, and those of evaluations. */
export interface LossHistory {
  train: { step: number; value: number }[];
  eval: { step: number; value: number }[];
}

/** Reads the losses of a run directory; none for one that cannot be read. */
export function readLossHistory(dir: string): LossHistory {
  const history: LossHistory = { train: [], eval: [] };
  const take = (event: RunEvent) => {
    if (event.type !== 'metrics') return;
    const value = event.values[event.split === 'train' ? 'loss' : 'eval_loss'];
    if (value !== undefined) history[event.split].push({ step: event.step, value: fromWire(value) });
  };
  new RunReader(dir, (events, reset) => {
    if (reset) history.train.length = history.eval.length = 0;
    events.forEach(take);
  }).read();
  return history;
}
