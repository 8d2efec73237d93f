import { Random, shuffle } from '../random.ts';
import type { TextExamples } from './examples.ts';

/** `limit:` has no seed of its own: what is looked at first should be the same each time. */
const SEED = 42;

/**
 * The rows that `limit:` leaves, in their order; all of them where it is absent or not smaller.
 * @param rows how many there are
 */
export function limitRows(rows: number, limit = Infinity): number[] {
  const all = Array.from({ length: rows }, (_, row) => row);
  if (limit >= rows) return all;
  return shuffle(all, new Random(SEED))
    .slice(0, limit)
    .sort((a, b) => a - b);
}

/** Some of the examples, as texts with their places. */
export function takeTexts(
  { data, file, texts, pairs, placeOf }: TextExamples,
  rows: readonly number[],
): TextExamples {
  return {
    data,
    file,
    texts: rows.map((row) => texts[row]!),
    pairs: pairs && rows.map((row) => pairs[row]!),
    placeOf: (place) => placeOf(rows[place]!),
  };
}
