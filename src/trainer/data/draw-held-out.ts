import { heldOutRows, type HoldOut } from '../../language/held-out.ts';
import { NumpyRandom } from './numpy-random.ts';

/** Why rows cannot be held out, as a sentence; what to do about it. */
export interface CannotHoldOut {
  why: string;
  hint: string;
}

/**
 * Which of some rows `datasets.Dataset.train_test_split` (5.2) holds out.
 * @param rows how many there are
 * @param classes the class of each row where the split is stratified, as a number in the order of the sorted classes
 * @returns one byte a row, 1 for a row that is held out; or why there can be no such split
 */
export function drawHeldOut(
  rows: number,
  { test_size, seed }: HoldOut,
  classes?: Int32Array,
): Uint8Array | CannotHoldOut {
  const held = heldOutRows(rows, test_size);
  if (held >= rows)
    return {
      why: `${held} of ${rows} ${rows === 1 ? 'row' : 'rows'} would be held out, and none be left to train on.`,
      hint: 'Take a smaller `test_size`.',
    };
  const random = new NumpyRandom(seed);
  const isHeld = new Uint8Array(rows);
  if (!classes) {
    const order = random.permutation(rows);
    for (const row of order.subarray(0, held)) isHeld[row] = 1;
    return isHeld;
  }
  return drawOfEach(classes, held, random, isHeld);
}

/** `stratified_shuffle_split_generate_indices` of datasets, which is scikit-learn's StratifiedShuffleSplit. */
function drawOfEach(
  classes: Int32Array,
  held: number,
  random: NumpyRandom,
  isHeld: Uint8Array,
): Uint8Array | CannotHoldOut {
  const members: number[][] = [];
  for (const [row, each] of classes.entries()) (members[each] ??= []).push(row);
  const counts = members.map(({ length }) => length);
  const kept = classes.length - held;
  const least = Math.min(...counts);
  if (least < 2)
    return {
      why: 'A value of the column of `stratify_by_column` stands in one row only, which cannot be in both splits.',
      hint: 'Remove `stratify_by_column`, or the row.',
    };
  if (Math.min(held, kept) < counts.length)
    return {
      why: `${Math.min(held, kept)} rows cannot hold each of the ${counts.length} values of the column of \`stratify_by_column\`.`,
      hint: held < kept ? 'Take a larger `test_size`.' : 'Take a smaller `test_size`.',
    };
  const keptOf = shares(counts, kept, random);
  const heldOf = shares(
    counts.map((count, each) => count - keptOf[each]!),
    held,
    random,
  );
  for (const [each, rows] of members.entries()) {
    const order = random.permutation(rows.length);
    const from = keptOf[each]!;
    for (const at of order.subarray(from, from + heldOf[each]!)) isHeld[rows[at]!] = 1;
  }
  return isHeld;
}

/** How many of each class are drawn: `approximate_mode` of datasets. Ties are broken by chance. */
function shares(counts: readonly number[], draws: number, random: NumpyRandom): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (draws * count) / total);
  const drawn = exact.map(Math.floor);
  let missing = draws - drawn.reduce((sum, count) => sum + count, 0);
  const remainders = exact.map((each, at) => each - drawn[at]!);
  for (const value of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const alike = remainders.flatMap((each, at) => (each === value ? [at] : []));
    const added = Math.min(alike.length, missing);
    for (const at of random.choice(alike.length, added)) drawn[alike[at]!]!++;
    missing -= added;
  }
  return drawn;
}
