import type { RunEvent } from '../protocol/events.ts';
import { fromWire } from '../protocol/numbers.ts';
import { RunReader } from './read.ts';

/** The losses of a run, each with its step: those of training steps, and those of evaluations. */
export interface LossHistory {
  train: { step: number; value: number }[];
  eval: { step: number; value: number }[];
}

/** Reads the losses of a run directory again and again, each time only what is new. */
export class LossReader {
  readonly #history: LossHistory = { train: [], eval: [] };
  readonly #reader: RunReader;

  constructor(dir: string) {
    this.#reader = new RunReader(dir, (events, reset) => {
      if (reset) this.#history.train.length = this.#history.eval.length = 0;
      for (const event of events) this.#take(event);
    });
  }

  /** All losses so far; none of a directory that cannot be read. */
  read(): Readonly<LossHistory> {
    this.#reader.read();
    return this.#history;
  }

  #take(event: RunEvent): void {
    if (event.type !== 'metrics') return;
    const value = event.values[event.split === 'train' ? 'loss' : 'eval_loss'];
    if (value !== undefined) this.#history[event.split].push({ step: event.step, value: fromWire(value) });
  }
}

/** The losses of a run directory. */
export function readLossHistory(dir: string): Readonly<LossHistory> {
  return new LossReader(dir).read();
}
