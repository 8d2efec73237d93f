import type { CellStatus } from '../../protocol/notebook.ts';
import type { CommandInput } from '../command-line/command.ts';

/** Tells how the cells of a notebook fare: in lines for a person, or with `--json` as objects. */
export class CellReport {
  readonly #input: CommandInput;

  constructor(input: CommandInput) {
    this.#input = input;
  }

  /** A line for a person. */
  say(line: string): void {
    const { flags, terminal } = this.#input;
    if (!flags.json) terminal.print(line);
  }

  /** An object about a cell. */
  tell({ name, index }: CellStatus, more: object): void {
    const { flags, terminal } = this.#input;
    if (flags.json) terminal.printJson({ type: 'cell', cell: name, index, ...more });
  }

  /** That a cell begins, the `place`-th of so many, from 1. */
  begin({ name, documents }: CellStatus, place: number, count: number): void {
    const kinds = [...new Set(documents.map(({ kind }) => kind))];
    this.say(`\nCell ${place} of ${count}: ${name} (${kinds.join(', ')})`);
  }

  /** Which cells are not run because of one that did not end well. */
  rest(rest: readonly number[], statuses: readonly CellStatus[]): void {
    const names = statuses.filter(({ index, state }) => rest.includes(index) && state !== 'declares');
    if (names.length > 0) this.say(`\nNot run: ${names.map(({ name }) => name).join(', ')}.`);
  }

  /** Which results are no longer those of what the notebook says, of the cells that were not run. */
  stale(statuses: readonly CellStatus[], done: readonly number[]): void {
    for (const status of statuses) {
      if (status.state !== 'stale' || done.includes(status.index)) continue;
      this.say(`${status.name}: stale, its inputs have changed since its result.`);
      this.tell(status, { state: 'stale' });
    }
  }
}

/** The first line of a result without its marks, for the terminal. */
export function firstLine(markdown: string): string {
  return (markdown.split('\n', 1)[0] ?? '').replaceAll('**', '').replace(/\\(.)/g, '$1');
}
