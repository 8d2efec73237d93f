import type { MetricsEvent, RunEvent } from '../../protocol/events.ts';
import { readEvents } from '../../runs/events.ts';
import type { RunWriter } from '../../runs/writer.ts';

/** Numbers of one step, and when they came. */
export type TimedMetrics = MetricsEvent & Pick<RunEvent, 'time'>;

/** Writes the numbers of a run in the form of another tool. */
export interface ReportSink {
  /** The tool, as `report_to` calls it. */
  readonly name: string;
  /** Begins anew: what it wrote in an earlier life of the run is replaced. */
  begin(): void;
  write(event: TimedMetrics): void;
  /** The run has ended. */
  end(state: 'finished' | 'stopped' | 'failed'): void;
}

/**
 * Passes the numbers of a run on to other tools' files. With the first number of a life every sink begins anew from
 * `events.jsonl`, which knows what a resume has taken back: so nothing is lost or doubled there either. A sink that cannot write
 * is left out from then on, and the run goes on.
 */
export class MetricsReporter {
  readonly #writer: RunWriter;
  readonly #forget: () => void;
  #sinks: readonly ReportSink[];
  #begun = false;

  constructor(writer: RunWriter, sinks: readonly ReportSink[]) {
    this.#writer = writer;
    this.#sinks = sinks;
    this.#forget = writer.onEvent((event) => {
      if (event.type === 'metrics' && this.#sinks.length > 0) this.#take(event);
    });
  }

  end(state: 'finished' | 'stopped' | 'failed'): void {
    this.#forget();
    if (this.#begun) this.#each((sink) => sink.end(state));
  }

  #take(event: TimedMetrics): void {
    if (this.#begun) return this.#each((sink) => sink.write(event));
    this.#begun = true;
    this.#each((sink) => sink.begin());
    for (let fromByte = 0, more = true; more;) {
      const read = readEvents(this.#writer.dir, { fromByte });
      for (const each of read.events) if (each.type === 'metrics') this.#each((sink) => sink.write(each));
      ({ more, nextByte: fromByte } = read);
    }
  }

  #each(action: (sink: ReportSink) => void): void {
    const failed: { sink: ReportSink; error: unknown }[] = [];
    for (const sink of this.#sinks)
      try {
        action(sink);
      } catch (error) {
        failed.push({ sink, error });
      }
    if (failed.length === 0) return;
    this.#sinks = this.#sinks.filter((sink) => !failed.some((each) => each.sink === sink));
    for (const { sink, error } of failed)
      this.#writer.event({
        type: 'warning',
        code: 'report/failed',
        message: `The numbers cannot be written for ${sink.name}: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'The run goes on, and its own events are whole.',
      });
  }
}
