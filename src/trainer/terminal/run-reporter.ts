import type { MetricsEvent, ProgressEvent, RunEvent, StateEvent } from '../../protocol/events.ts';
import { formatMetric, formatNumber } from '../../protocol/format.ts';
import { fromWire } from '../../protocol/numbers.ts';
import { describeWarning } from './describe-error.ts';
import type { Pulse } from './pulse.ts';
import { isOpenEnded, progressBar, progressLine } from './progress-bar.ts';
import type { Terminal } from './terminal.ts';

/** Where the lines of a run go. */
export interface ReportSink {
  /** A line worth keeping: terminal and log. */
  say(line: string): void;
  /** A line of progress for those who see no bar: pipes and the log. */
  progress(line: string): void;
}

/** What the states of a run are called when they begin. `stopped` and `failed` are told at the end, with what to do next. */
const STATE_LINES: Partial<Record<StateEvent['state'], string>> = {
  preparing: 'Reading the model and the data.',
  stopping: 'Stopping.',
};

/**
 * Tells a person what happens in a run, event by event: a bar that moves on a terminal, and a line now and then for
 * pipes and logs.
 */
export class RunReporter {
  readonly #terminal: Terminal;
  readonly #showsBar: boolean;
  readonly #sink: ReportSink;
  readonly #pulse: Pulse;
  #loss: string | undefined;
  #reason: string | undefined;

  constructor(
    terminal: Terminal,
    sink: ReportSink,
    { pulse, showsBar }: { pulse: Pulse; showsBar: boolean },
  ) {
    this.#terminal = terminal;
    this.#sink = sink;
    this.#pulse = pulse;
    this.#showsBar = showsBar;
  }

  onEvent(event: RunEvent): void {
    const { style } = this.#terminal;
    switch (event.type) {
      case 'state':
        this.#onState(event);
        break;
      case 'progress':
        this.#onProgress(event);
        break;
      case 'metrics':
        this.#onMetrics(event);
        break;
      case 'warning':
        for (const line of describeWarning(event, style).split('\n')) this.#sink.say(line);
        break;
      case 'checkpoint':
        this.#sink.say(style.dim(`Saved ${event.path}.`));
        break;
      case 'sample':
        this.#sink.say(`${style.dim(`step ${event.step}:`)} ${event.prompt} → ${event.output}`);
        break;
      case 'system':
        break;
      case 'evaluation':
      case 'error':
        // Told at the end, by whoever carries the run out.
        break;
    }
  }

  #onState({ state, reason }: StateEvent): void {
    this.#terminal.setBar('');
    if (state === 'queued' && reason !== undefined && reason !== this.#reason) this.#sink.say(reason);
    this.#reason = reason;
    const line = STATE_LINES[state];
    if (line !== undefined) this.#sink.say([line, reason].filter((part) => part !== undefined).join(' '));
  }

  #onProgress(event: ProgressEvent): void {
    const extras = event.phase === 'train' && this.#loss !== undefined ? [`loss ${this.#loss}`] : [];
    if (this.#showsBar) {
      const { columns, style } = this.#terminal;
      this.#terminal.setBar(progressBar(event, extras, columns, style));
    }
    if (!isOpenEnded(event) && this.#pulse.isDue(event)) this.#sink.progress(progressLine(event, extras));
  }

  #onMetrics({ split, step, epoch, values }: MetricsEvent): void {
    if (split === 'train') {
      if (values['loss'] !== undefined) this.#loss = formatMetric('loss', fromWire(values['loss']));
      return;
    }
    const numbers = Object.entries(values)
      .filter(([name]) => !/_(runtime|per_second)$/.test(name))
      .map(
        ([name, value]) =>
          `${name.replace(/^eval_/, '').replaceAll('_', ' ')} ${formatMetric(name, fromWire(value))}`,
      );
    const when =
      step === 0 ? 'before the first step' : `after step ${step} (epoch ${formatNumber(epoch, 3)})`;
    this.#sink.say(`Evaluation ${when}: ${numbers.join(', ')}`);
  }
}
