import { stripVTControlCharacters } from 'node:util';
import type { RunEvent } from '../../protocol/events.ts';
import type { RunKind } from '../../protocol/run.ts';
import type { RunWriter } from '../../runs/writer.ts';
import { Pulse } from '../terminal/pulse.ts';
import { RunReporter } from '../terminal/run-reporter.ts';
import type { Style } from '../terminal/style.ts';
import type { Terminal } from '../terminal/terminal.ts';

/**
 * What a run prints while it goes on. With `json` the terminal gets the events and nothing else; the run's `log.txt`
 * gets the words in either case.
 */
export class RunOutput {
  readonly #terminal: Terminal;
  readonly #json: boolean;
  readonly #reporter: RunReporter;

  #writer: RunWriter | undefined;

  constructor(terminal: Terminal, json: boolean, kind: RunKind) {
    this.#terminal = terminal;
    this.#json = json;
    const showsBar = terminal.interactive && !json;
    const sink = {
      say: (line: string) => this.say(line),
      progress: (line: string) => {
        if (!showsBar && !json) terminal.print(line);
        this.#writer?.log(line);
      },
    };
    this.#reporter = new RunReporter(terminal, sink, {
      pulse: new Pulse(kind === 'run' ? 'train' : 'evaluate'),
      showsBar,
    });
  }

  /** The colours of the standard error. */
  get errorStyle(): Style {
    return this.#terminal.errorStyle;
  }

  /** From now on what is printed also goes to the log of this run. */
  attach(writer: RunWriter): void {
    this.#writer = writer;
  }

  onEvent(event: RunEvent): void {
    if (this.#json) this.#terminal.printJson(event);
    this.#reporter.onEvent(event);
  }

  say(line: string): void {
    if (!this.#json) this.#terminal.print(line);
    this.#writer?.log(stripVTControlCharacters(line));
  }

  /** Like {@link say}, to the standard error, also where JSON is wanted. */
  sayError(line: string): void {
    this.#terminal.printError(line);
    this.#writer?.log(stripVTControlCharacters(line));
  }
}
