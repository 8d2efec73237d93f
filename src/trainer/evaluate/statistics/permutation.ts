import { Random } from '../../random.ts';

/** Up to so many differing examples every one of the 2^m exchanges is tried, and p is exact. */
const EXACT_UP_TO = 12;

export interface PermutationOptions {
  /** Exchanges tried at random where there are too many to try all. */
  rounds: number;
  seed: number;
}

/**
 * The paired permutation test (approximate randomisation; E. Noreen, 1989), two-sided: if two candidates are equally good,
 * exchanging their answers on any example changes nothing. `scipy.stats.permutation_test(…, permutation_type='samples')`.
 *
 * @param differing how many examples they answered differently; exchanging the others has no effect
 * @param observed the observed difference of the metric
 * @param difference the difference after the exchanges: `exchanged[i]` is 1 where the `i`-th differing example is exchanged
 * @returns p: exact with few differing examples, else (1 + extreme rounds) / (1 + rounds), which is never 0
 */
export function permutationTest(
  { rounds, seed }: PermutationOptions,
  differing: number,
  observed: number,
  difference: (exchanged: Uint8Array) => number,
): number {
  const exchanged = new Uint8Array(differing);
  // Differences that are equal but for rounding are as extreme as the observed one.
  const least = Math.abs(observed) * (1 - 1e-12) - 1e-15;
  const isExtreme = () => Math.abs(difference(exchanged)) >= least;
  let extreme = 0;
  if (differing <= EXACT_UP_TO) {
    const all = 2 ** differing;
    for (let pattern = 0; pattern < all; pattern++) {
      for (let bit = 0; bit < differing; bit++) exchanged[bit] = (pattern >>> bit) & 1;
      if (isExtreme()) extreme++;
    }
    return extreme / all;
  }
  const random = new Random(seed);
  for (let round = 0; round < rounds; round++) {
    let bits = 0;
    for (let i = 0; i < differing; i++) {
      if (i % 32 === 0) bits = random.uint32();
      exchanged[i] = bits & 1;
      bits >>>= 1;
    }
    if (isExtreme()) extreme++;
  }
  return (extreme + 1) / (rounds + 1);
}
