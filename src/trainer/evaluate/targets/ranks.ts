/**
 * Numbers by their order alone: `codes[i]` is the place of value `i` among the different values, ascending from 0.
 * @returns the codes, `[n]`, and how many different values there are
 */
export function denseCodes(values: ArrayLike<number>): { codes: Int32Array; size: number } {
  const different = [...new Set(Array.from(values))].sort((a, b) => a - b);
  const place = new Map(different.map((value, index) => [value, index]));
  return { codes: Int32Array.from(Array.from(values), (value) => place.get(value)!), size: different.length };
}

/** Spearman's correlation of two lists: SciPy's `spearmanr`, with mean ranks for ties; NaN where one side is constant. */
export function rankCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const [ofX, ofY] = [denseCodes(x), denseCodes(y)];
  const correlation = new RankCorrelation(ofX.size, ofY.size);
  return correlation.of(
    x.length,
    (i) => ofX.codes[i]!,
    (i) => ofY.codes[i]!,
  );
}

/**
 * Spearman's correlation of examples whose values are codes below a size: ranks come from counting, so that a resample needs no sorting.
 * Buffers are reused between calls.
 */
export class RankCorrelation {
  readonly #x: Float64Array;
  readonly #y: Float64Array;

  constructor(sizeX: number, sizeY: number) {
    this.#x = new Float64Array(sizeX);
    this.#y = new Float64Array(sizeY);
  }

  /**
   * @param n how many examples
   * @param x the code of the `i`-th one
   * @param y as `x`
   */
  of(n: number, x: (i: number) => number, y: (i: number) => number): number {
    const squaresX = centredRanks(this.#x, n, x);
    const squaresY = centredRanks(this.#y, n, y);
    if (squaresX === 0 || squaresY === 0) return NaN;
    let product = 0;
    for (let i = 0; i < n; i++) product += this.#x[x(i)]! * this.#y[y(i)]!;
    return product / Math.sqrt(squaresX * squaresY);
  }
}

/** Makes counts of codes into ranks less their mean, in place; gives the sum of their squares over all examples. */
function centredRanks(ranks: Float64Array, n: number, code: (i: number) => number): number {
  ranks.fill(0);
  for (let i = 0; i < n; i++) ranks[code(i)]!++;
  let [below, squares] = [0, 0];
  for (let value = 0; value < ranks.length; value++) {
    const count = ranks[value]!;
    const rank = below + (count + 1) / 2 - (n + 1) / 2;
    ranks[value] = rank;
    squares += count * rank * rank;
    below += count;
  }
  return squares;
}
