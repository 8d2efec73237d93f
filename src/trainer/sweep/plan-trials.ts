import type { ResolvedSweep, SweptValues } from '../../language/resolved.ts';
import { Random } from '../random.ts';

/** One value of each field that a sweep varies, by its path. */
export type TrialValues = Record<string, number | string | boolean | string[]>;

/**
 * The combinations that a sweep tries, in the order in which they are run. The same sweep gives the same ones: a grid goes through
 * its fields like an odometer, the last one fastest; `random` and `halving` draw from the stream of `seed`, none twice.
 * @param isInteger whether a field takes whole numbers only: what is drawn for it is rounded
 */
export function planTrials(sweep: ResolvedSweep, isInteger: (path: string) => boolean): TrialValues[] {
  const fields = Object.entries(sweep.over).map(([path, values]) => [path, values, isInteger(path)] as const);
  const listed = fields.map(([path, values, whole]) => [path, listValues(values, whole)] as const);
  const sizes = listed.map(([, values]) => values?.length ?? Infinity);
  const count = sizes.reduce((product, size) => product * size, 1);
  if (sweep.method === 'grid') return Array.from({ length: count }, (_, index) => combination(listed, index));
  const random = new Random(sweep.seed);
  const drawn = new Map<string, TrialValues>();
  // A draw that came before is drawn again; where few combinations are left that may take a while, but not for ever.
  const patience = 1000 * Math.min(sweep.samples, count);
  for (let i = 0; i < patience && drawn.size < Math.min(sweep.samples, count); i++) {
    const values = Object.fromEntries(
      fields.map(([path, from, whole]) => [path, draw(from, whole, random)] as const),
    );
    drawn.set(JSON.stringify(values), values);
  }
  return [...drawn.values()];
}

/** Values as they are listed, or as a range divides itself; undefined for one that is drawn from. */
function listValues(values: SweptValues, whole: boolean): readonly TrialValues[string][] | undefined {
  if (Array.isArray(values)) return values;
  const { steps } = values;
  if (steps === undefined) return undefined;
  const points = Array.from({ length: steps }, (_, i) => between(values, i / (steps - 1), whole));
  return [...new Set(points)];
}

function draw(values: SweptValues, whole: boolean, random: Random): TrialValues[string] {
  const listed = listValues(values, whole);
  if (listed) return listed[random.below(listed.length)]!;
  // SAFETY: a range without steps is what is not listed.
  return between(values as Exclude<SweptValues, unknown[]>, random.uniform(), whole);
}

/** The value at a share of a range, by its scale. Both ends are themselves; 12 digits are kept, for people read them. */
function between(
  { min, max, scale }: Exclude<SweptValues, unknown[]>,
  share: number,
  whole: boolean,
): number {
  if (share === 0) return min;
  if (share === 1) return max;
  const value = scale === 'log' ? min * (max / min) ** share : min + (max - min) * share;
  return whole ? Math.round(value) : Number(value.toPrecision(12));
}

function combination(
  listed: readonly (readonly [string, readonly TrialValues[string][] | undefined])[],
  index: number,
): TrialValues {
  let rest = index;
  const reversed = [...listed].reverse().map(([path, values = []]) => {
    const value = values[rest % values.length]!;
    rest = Math.floor(rest / values.length);
    return [path, value] as const;
  });
  return Object.fromEntries(reversed.reverse());
}
