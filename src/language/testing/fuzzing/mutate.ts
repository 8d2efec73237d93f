import { FUZZ_PIECES } from './corpus.ts';
import type { Seeded } from './seeded.ts';

/** An edit as a person or a mishap makes it. */
export interface Mutation {
  start: number;
  end: number;
  newText: string;
}

/** One random change to a text. */
export function mutation(text: string, random: Seeded): Mutation {
  const at = random.below(text.length + 1);
  const [start, end] = [lineStart(text, at), lineEnd(text, at)];
  switch (random.below(9)) {
    case 0: // A line goes.
      return { start, end, newText: '' };
    case 1: // A line twice.
      return { start: end, end, newText: text.slice(start, end) };
    case 2: // A line deeper, or less deep.
      return {
        start,
        end: start + (random.below(2) === 0 ? 0 : indentOf(text, start)),
        newText: ' '.repeat(random.below(5)),
      };
    case 3: // The rest of a line goes.
      return { start: at, end: Math.max(at, end - 1), newText: '' };
    case 4: // A stretch is copied elsewhere.
      return { start: at, end: at, newText: stretch(text, random) };
    case 5: // A stretch goes.
      return { start: at, end: Math.min(text.length, at + random.below(40)), newText: '' };
    case 6: // What is typed in place of a character.
      return { start: at, end: Math.min(text.length, at + 1), newText: random.pick(FUZZ_PIECES) };
    default:
      return { start: at, end: at, newText: random.pick(FUZZ_PIECES) };
  }
}

export function applied(text: string, { start, end, newText }: Mutation): string {
  return text.slice(0, start) + newText + text.slice(end);
}

function stretch(text: string, random: Seeded): string {
  const from = random.below(text.length + 1);
  return text.slice(from, from + random.below(60));
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Behind the line break. */
function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  return found < 0 ? text.length : found + 1;
}

function indentOf(text: string, start: number): number {
  return /^ */.exec(text.slice(start, start + 40))?.[0].length ?? 0;
}
