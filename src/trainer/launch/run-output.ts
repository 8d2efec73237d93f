import { stripVTControlCharacters } from 'node:util';
import type { RunEvent } from '../../protocol/events.ts';
import type { TunebookError } from '../../protocol/error.ts';
import type { RunKind } from '../../protocol/run.ts';
import type { RunWriter } from '../../runs/writer.ts';
import { describeError } from '../terminal/describe-error.ts';
import { Pulse } from '../terminal/pulse.ts';
import { RunReporter } from '../terminal/run-reporter.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What is counted in the lines that a pipe gets. */
const PHASES = { run: 'train', evaluate: 'evaluate', sweep: 'sweep' } as const;

/**
 * What a run prints while it goes on. With `json` the terminal gets the events and nothing else; the run's `log.txt`
 * gets the words in either case.
 */
export class RunOutput {
  readonly #terminal: Terminal;
  readonly #json: boolean;
  readonly #quiet: boolean;
  readonly #reporter: RunReporter;

  #writer: RunWriter | undefined;

  /** @param quiet prints nothing at all; the log gets the words */
  constructor(terminal: Terminal, json: boolean, kind: RunKind, quiet = false) {
    this.#terminal = terminal;
    this.#json = json || quiet;
    this.#quiet = quiet;
    const showsBar = terminal.interactive && !this.#json;
    const sink = {
      say: (line: string) => this.say(line),
      progress: (line: string) => {
        if (!showsBar && !this.#json) terminal.print(line);
        this.#writer?.log(line);
      },
    };
    this.#reporter = new RunReporter(terminal, sink, {
      pulse: new Pulse(PHASES[kind]),
      showsBar,
    });
  }

  /** From now on what is printed also goes to the log of this run. */
  attach(writer: RunWriter): void {
    this.#writer = writer;
  }

  onEvent(event: RunEvent): void {
    if (this.#json && !this.#quiet) this.#terminal.printJson(event);
    this.#reporter.onEvent(event);
  }

  say(line: string): void {
    if (!this.#json) this.#terminal.print(line);
    this.#writer?.log(stripVTControlCharacters(line));
  }

  /** An error, to the standard error; of a fault of ours the stack too, where TUNEBOOK_DEBUG asks for it. */
  sayError(error: TunebookError, cause: unknown): void {
    const { errorStyle } = this.#terminal;
    this.#terminal.printError(describeError(error, errorStyle));
    if (process.env['TUNEBOOK_DEBUG'] && cause instanceof Error) this.#terminal.printError(cause.stack ?? '');
    this.#writer?.log(stripVTControlCharacters(describeError(error, errorStyle)));
  }
}
