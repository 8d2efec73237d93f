import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { NewVote } from '../../../protocol/compare.ts';
import { TunebookError } from '../../../protocol/error.ts';

/** The file in the directory of an evaluation that holds what people thought of its answers. Append only, one JSON object a line. */
export const VOTES_FILE = 'votes.jsonl';

export type Vote = NewVote & { type: 'vote'; time: string };
/** What a person wrote in the place of an answer; the newest for a row and a candidate counts. */
export interface Edit {
  type: 'edit';
  time: string;
  index: number;
  candidate: string;
  output: string;
}
/** Takes back the newest vote that still counts. */
interface Undo {
  type: 'undo';
  time: string;
}
type Entry = Vote | Edit | Undo;

/** What counts of a `votes.jsonl`: of several votes on the same row and pair the newest. */
export class Votes {
  readonly path: string;
  readonly #votes: Vote[] = [];
  readonly #edits = new Map<string, Edit>();

  /**
   * Reads the file, where it is there. A torn last line is dropped.
   * @throws TunebookError `votes/damaged` for another line that cannot be read
   */
  constructor(path: string) {
    this.path = path;
    if (!existsSync(path)) return;
    const lines = readFileSync(path, 'utf8').split('\n');
    const last = lines.length - 1;
    lines.forEach((line, i) => {
      if (i === last) return;
      const entry = parse(line);
      if (!entry)
        throw new TunebookError('votes/damaged', `Line ${i + 1} of ${path} is no vote.`, {
          hint: 'Repair or delete that line; the votes of the other lines are kept.',
          location: { file: path, line: i + 1 },
        });
      this.#take(entry);
    });
    this.#endsTorn = lines[last] !== '';
  }

  #endsTorn = false;

  /** The votes that count, oldest first. */
  get all(): readonly Vote[] {
    const newest = new Map(this.#votes.map((vote) => [keyOf(vote), vote]));
    return this.#votes.filter((vote) => newest.get(keyOf(vote)) === vote);
  }

  get edits(): readonly Edit[] {
    return [...this.#edits.values()];
  }

  /** What was written in the place of answers to a row, by candidate. */
  editsOf(index: number): ReadonlyMap<string, string> {
    const own = this.edits.filter((edit) => edit.index === index);
    return new Map(own.map(({ candidate, output }) => [candidate, output]));
  }

  /** Rows on which this pair was voted. */
  votedOn(a: string, b: string): number[] {
    return this.all.filter((vote) => pairOf(vote) === [a, b].sort().join('\n')).map(({ index }) => index);
  }

  /** @throws Error of the file system where it cannot be written */
  add(entry: NewVote | Omit<Edit, 'type' | 'time'>): void {
    const time = new Date().toISOString();
    this.#append('winner' in entry ? { type: 'vote', time, ...entry } : { type: 'edit', time, ...entry });
  }

  /** Takes back the newest vote; gives it, or undefined where there is none. */
  undo(): Vote | undefined {
    const newest = this.#votes.at(-1);
    if (newest) this.#append({ type: 'undo', time: new Date().toISOString() });
    return newest;
  }

  #append(entry: Entry): void {
    appendFileSync(this.path, `${this.#endsTorn ? '\n' : ''}${JSON.stringify(entry)}\n`);
    this.#endsTorn = false;
    this.#take(entry);
  }

  #take(entry: Entry): void {
    if (entry.type === 'vote') this.#votes.push(entry);
    else if (entry.type === 'edit') this.#edits.set(`${entry.index}\n${entry.candidate}`, entry);
    else this.#votes.pop();
  }
}

function pairOf({ left, right }: NewVote): string {
  return [left, right].sort().join('\n');
}

function keyOf(vote: Vote): string {
  return `${vote.index}\n${pairOf(vote)}`;
}

function parse(line: string): Entry | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isEntry(entry) ? entry : undefined;
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  // SAFETY: only to look at fields, each of which is checked.
  const entry = value as Partial<Record<string, unknown>>;
  if (entry['type'] === 'undo') return true;
  if (!Number.isSafeInteger(entry['index'])) return false;
  if (entry['type'] === 'edit')
    return typeof entry['candidate'] === 'string' && typeof entry['output'] === 'string';
  return (
    entry['type'] === 'vote' &&
    typeof entry['left'] === 'string' &&
    typeof entry['right'] === 'string' &&
    ['left', 'right', 'tie', 'both-bad'].includes(String(entry['winner']))
  );
}
