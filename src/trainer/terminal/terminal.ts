import { setImmediate } from 'node:timers/promises';
import { systemCode } from '../../runs/errors.ts';
import { createStyle, wantsColours, type Style } from './style.ts';

/** Where a command writes to: words for people, JSON for programs, and one line that changes in place. */
export class Terminal {
  /** For what goes to the standard output. */
  readonly style: Style;
  /** For what goes to the standard error. */
  readonly errorStyle: Style;
  /** Whether a line can be written anew in place: a bar moves here, and nowhere else. */
  readonly interactive: boolean;
  #bar = '';
  #failure: Error | undefined;

  constructor() {
    this.style = createStyle(wantsColours(process.stdout, process.env));
    this.errorStyle = createStyle(wantsColours(process.stderr, process.env));
    this.interactive = process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
    // What cannot be printed ends the printing, and never a run.
    for (const stream of [process.stdout, process.stderr])
      stream.on('error', (error: Error) => {
        this.#failure ??= error;
      });
  }

  /** Why something could not be printed. Readers that went away (`tunebook runs | head -1`) are no failure. */
  get failure(): Error | undefined {
    const code = systemCode(this.#failure);
    return code === 'EPIPE' || code === 'EIO' ? undefined : this.#failure;
  }

  /** Columns of the terminal, 80 where it does not say; Infinity where there is none: nothing is cut off for a pipe. */
  get columns(): number {
    return process.stdout.isTTY ? process.stdout.columns || 80 : Infinity;
  }

  /** Prints a line to the standard output. */
  print(text = ''): void {
    const bar = this.#bar;
    this.setBar('');
    this.#write(`${text}\n`);
    this.setBar(bar);
  }

  /** Prints a part of a line to the standard output. */
  write(text: string): void {
    this.#write(text);
  }

  /** Prints a line to the standard error. */
  printError(text: string): void {
    const bar = this.#bar;
    this.setBar('');
    process.stderr.write(`${text}\n`);
    this.setBar(bar);
  }

  /** Prints an object as one line of JSON to the standard output. */
  printJson(value: unknown): void {
    this.#write(`${JSON.stringify(value)}\n`);
  }

  /** Shows a line below everything else, in place of the one before; an empty one takes it away. */
  setBar(text: string): void {
    if (!this.interactive || text === this.#bar) return;
    this.#bar = text;
    this.#write(`\r\u001b[K${text}`);
  }

  /** Resolves when all that was printed has left the process, or could not. */
  async flush(): Promise<void> {
    this.setBar('');
    for (const stream of [process.stdout, process.stderr])
      if (!stream.destroyed && stream.writableLength > 0)
        await new Promise<void>((resolve) => stream.write('', () => resolve()));
    // A stream tells of its failure at the next turn.
    await setImmediate();
  }

  #write(text: string): void {
    if (!this.#failure) process.stdout.write(text);
  }
}
