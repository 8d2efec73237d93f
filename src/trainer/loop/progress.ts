import type { ProgressEvent } from '../../protocol/events.ts';

/** Milliseconds between two progress events. */
const INTERVAL = 300;
/** Seconds over which the rate is taken. */
const WINDOW = 10;

/** Who is told of progress: a run's writer, say. */
export interface ProgressSink {
  event(body: ProgressEvent): unknown;
}

/** Writes progress events a few times a second, with the recent rate and the time that is left. */
export class ProgressMeter {
  readonly #writer: ProgressSink;
  readonly #phase: ProgressEvent['phase'];
  readonly #total: number;
  #marks: { time: number; done: number }[];
  #written = 0;

  constructor(writer: ProgressSink, phase: ProgressEvent['phase'], total: number, done: number) {
    this.#writer = writer;
    this.#phase = phase;
    this.#total = total;
    this.#marks = [{ time: performance.now(), done }];
  }

  update(done: number): void {
    const now = performance.now();
    if (done < this.#total && now - this.#written < INTERVAL) return;
    this.#written = now;
    this.#marks.push({ time: now, done });
    while (this.#marks.length > 2 && now - this.#marks[0]!.time > WINDOW * 1000) this.#marks.shift();
    const first = this.#marks[0]!;
    const seconds = (now - first.time) / 1000;
    const rate = seconds > 0 ? (done - first.done) / seconds : 0;
    this.#writer.event({
      type: 'progress',
      phase: this.#phase,
      done,
      total: this.#total,
      ...(rate > 0 ? { rate, secondsLeft: (this.#total - done) / rate } : {}),
    });
  }
}
