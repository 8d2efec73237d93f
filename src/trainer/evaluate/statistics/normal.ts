/** The standard normal distribution, to the precision of a double. */

const SQRT_2PI = Math.sqrt(2 * Math.PI);

/** Density of the standard normal distribution at `x`. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / SQRT_2PI;
}

/**
 * Probability that a standard normal variable is at most `x`. Within 2.5 of the centre the Taylor series of
 * G. Marsaglia, "Evaluating the normal distribution" (2004); beyond it the continued fraction of Mills' ratio.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (Math.abs(x) > 39) return x < 0 ? 0 : 1;
  if (Math.abs(x) > 2.5) {
    const tail = normalDensity(x) / millsDenominator(Math.abs(x));
    return x < 0 ? tail : 1 - tail;
  }
  let term = x;
  let sum = x;
  for (let i = 3; Math.abs(term) > 1e-17 * Math.abs(sum) && i < 200; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * normalDensity(x);
}

/** x + 1/(x + 2/(x + 3/(x + …))), the density over the upper tail, for x > 2. */
function millsDenominator(x: number): number {
  let value = x;
  for (let i = 120; i >= 1; i--) value = x + i / value;
  return value;
}

/**
 * The `x` below which a standard normal variable falls with probability `p`: -Infinity at 0, Infinity at 1.
 * Starts at the rational approximation 26.2.23 of Abramowitz and Stegun and refines it by Halley's method.
 *
 * @throws RangeError when `p` is not in [0, 1]
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`A probability lies in [0, 1], not at ${p}.`);
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return -Infinity;
  const t = Math.sqrt(-2 * Math.log(p));
  let x =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 4; step++) {
    const error = (normalCdf(x) - p) / normalDensity(x);
    x -= error / (1 + (x * error) / 2);
  }
  return x;
}

/** The two-sided critical value of a level of confidence: 1.96 for 0.95. */
export function criticalValue(confidence: number): number {
  return normalQuantile(0.5 + confidence / 2);
}
